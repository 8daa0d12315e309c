import { renderCheckText } from '../reports/render-check.ts';
import { renderNodesText } from '../reports/render-nodes.ts';
import type { Renderer } from '../renderer.ts';
import { renderText } from '../text.ts';

/** Text as a person reads it in a terminal. */
export const TEXT: Renderer = {
  name: 'text',
  mediaType: 'text/plain',
  render(rendered, options = {}) {
    switch (rendered.command) {
      case 'diff':
        return renderText(rendered.report, options);
      case 'check':
        return renderCheckText(rendered.report, options);
      case 'nodes':
        return renderNodesText(rendered.report, options);
    }
  },
};
