import type { Rendered } from '../renderer.ts';
import { outlineOfCheck } from './check.ts';
import { outlineOfDiff } from './diff.ts';
import { outlineOfNodes } from './nodes.ts';
import type { Outline } from './outline-model.ts';

/** What a report comes to. */
export function outlineOf(rendered: Rendered): Outline {
  switch (rendered.command) {
    case 'diff':
      return outlineOfDiff(rendered.report);
    case 'check':
      return outlineOfCheck(rendered.report);
    case 'nodes':
      return outlineOfNodes(rendered.report);
  }
}
