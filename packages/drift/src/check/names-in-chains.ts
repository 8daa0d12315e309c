import { serviceComment } from '../proxy/names/comments.ts';
import type { RuleChain } from '../state/model.ts';

/** Service ports that the comments of a chain name; a comment may be left out in large clusters. */
export function namesIn(chain: RuleChain): string[] {
  const names = new Set<string>();
  for (const rule of chain.rules) {
    for (const comment of rule.comments) {
      // 1.14 to 1.23: "Balancing rule 0 for default/web:http"
      const name = serviceComment(comment.replace(/^Balancing rule \d+ for /, ''))?.servicePort;
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].sort();
}
