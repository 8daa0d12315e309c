import { renderCheckMarkdown } from '../reports/render-check.ts';
import { renderNodesMarkdown } from '../reports/render-nodes.ts';
import { renderMarkdown } from '../markdown.ts';
import type { Renderer } from '../renderer.ts';

/** Markdown for a change review. */
export const MARKDOWN: Renderer = {
  name: 'markdown',
  mediaType: 'text/markdown',
  render(rendered, options = {}) {
    switch (rendered.command) {
      case 'diff':
        return renderMarkdown(rendered.report, options);
      case 'check':
        return renderCheckMarkdown(rendered.report);
      case 'nodes':
        return renderNodesMarkdown(rendered.report);
    }
  },
};
