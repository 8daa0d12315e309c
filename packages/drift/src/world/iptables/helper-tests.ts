import type { HelperMatch } from '@netdrift/iptables';
import { STATES } from '../field.ts';
import type { Test } from '../ir.ts';
import { type CompileContext, unknownMatch } from './context.ts';

/**
 * `-m helper`: connections that a helper of another one expects, as the data of FTP (Linux xt_helper.c `helper_mt`, which asks for
 * `ct->master`). Such a connection begins as RELATED, so that no packet is met that is NEW, INVALID or UNTRACKED; which helper expected it
 * is not known. Negated, the two together may hold or not, which is one question.
 */
export function helperTests(match: HelperMatch, { family }: CompileContext): Test[] {
  if (match.not) return [unknownMatch(match, family)];
  const [first, last] = [STATES.indexOf('ESTABLISHED'), STATES.indexOf('RELATED')];
  return [{ kind: 'field', field: 'state', in: [first, last] }, unknownMatch(match, family)];
}
