import { renderCheckText } from '../reports/render-check.ts';
import { renderExplanationText } from '../reports/render-explanation.ts';
import { renderNodesText } from '../reports/render-nodes.ts';
import type { Renderer } from '../renderer.ts';
import { renderText } from '../text.ts';

/** Text as a person reads it in a terminal. */
export const TEXT: Renderer = {
  name: 'text',
  about: 'for a terminal',
  mediaType: 'text/plain',
  explains: true,
  render(report, options = {}) {
    switch (report.command) {
      case 'diff':
        return renderText(report, options);
      case 'check':
        return renderCheckText(report, options);
      case 'explain':
        return renderExplanationText(report, options);
      case 'nodes':
        return renderNodesText(report, options);
    }
  },
};
