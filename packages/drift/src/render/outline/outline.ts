import type { AnyReport } from '../renderer.ts';
import { outlineOfCheck } from './check.ts';
import { outlineOfDiff } from './diff.ts';
import { outlineOfExplanation } from './explanation.ts';
import { outlineOfNodes } from './nodes.ts';
import type { Outline } from './outline-model.ts';

/** What a report comes to. */
export function outlineOf(report: AnyReport): Outline {
  switch (report.command) {
    case 'diff':
      return outlineOfDiff(report);
    case 'check':
      return outlineOfCheck(report);
    case 'explain':
      return outlineOfExplanation(report);
    case 'nodes':
      return outlineOfNodes(report);
  }
}
