import { renderCheckMarkdown } from '../reports/render-check.ts';
import { renderExplanationMarkdown } from '../reports/render-explanation.ts';
import { renderNodesMarkdown } from '../reports/render-nodes.ts';
import { renderMarkdown } from '../markdown.ts';
import type { Renderer } from '../renderer.ts';

/** Markdown for a change review. */
export const MARKDOWN: Renderer = {
  name: 'markdown',
  about: 'for a change review',
  mediaType: 'text/markdown',
  explains: true,
  render(report, options = {}) {
    switch (report.command) {
      case 'diff':
        return renderMarkdown(report, options);
      case 'check':
        return renderCheckMarkdown(report);
      case 'explain':
        return renderExplanationMarkdown(report);
      case 'nodes':
        return renderNodesMarkdown(report);
    }
  },
};
