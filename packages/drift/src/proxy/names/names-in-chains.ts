import type { RuleChain } from '../../state/model.ts';
import { serviceComment } from './comments.ts';

/** Service ports that the comments of a chain name, sorted; a comment may be left out in large clusters. */
export function namesIn(chain: RuleChain): readonly string[] {
  let names: readonly string[] = NONE;
  for (const { comments } of chain.rules) {
    for (const comment of comments) {
      // What names a service port does so first: most comments of a chain begin alike, and the others need not be read.
      if (names.length === 1 && beginsWithWord(comment, names[0] as string)) continue;
      // 1.14 to 1.23: "Balancing rule 0 for default/web:http"
      const name = serviceComment(comment.startsWith(BALANCING) ? comment.replace(NUMBERED, '') : comment)?.servicePort;
      if (name !== undefined && !names.includes(name)) names = [...names, name];
    }
  }
  return names.length < 2 ? names : names.toSorted();
}

const NONE: readonly string[] = [];
const BALANCING = 'Balancing rule ';
const NUMBERED = /^Balancing rule \d+ for /;

function beginsWithWord(text: string, word: string): boolean {
  return text.startsWith(word) && (text.length === word.length || text[word.length] === ' ');
}
