import { ipvsTable } from '../../state/ipvs-views.ts';
import type { ViewDisagreement } from '../../state/model.ts';
import { ruleTables } from '../../state/rule-tables.ts';
import { setTable } from '../../state/set-table.ts';
import type { Part } from '../snapshot.ts';

/** Whether two outputs cannot be of one moment: what both show differs. */
export function contradicts(one: Part, other: Part): boolean {
  if (one.content.kind !== other.content.kind) return one.content.kind === 'tool-error' || other.content.kind === 'tool-error';
  const pair = [
    { ...one, index: 0 },
    { ...other, index: 1 },
  ];
  const disagreements: ViewDisagreement[] = [];
  switch (one.content.kind) {
    case 'ipvs':
      ipvsTable(pair, disagreements);
      break;
    case 'rules':
      ruleTables(pair, disagreements);
      break;
    case 'sets':
      setTable(pair, disagreements);
      break;
    default:
      return false;
  }
  return disagreements.length > 0;
}
