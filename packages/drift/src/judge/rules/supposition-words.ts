import type { Supposition } from '../../packets/flow.ts';
import type { Detail } from '../../report.ts';

/** How a condition ends that an address is the node's. */
export const IS_LOCAL = ' is an address of this node';

/** What is supposed where nothing tells whose the address is that a packet is sent to. */
export const DESTINATION_IS_LOCAL = 'the destination is an address of this node';

/** What the options of a condition say of a packet, where it holds and where it does not. */
const WORDS: readonly (readonly [option: RegExp, holds: string, fails: string])[] = [
  [/^-i (\S+)$/, 'it arrives at $1', 'it does not arrive at $1'],
  [/^-o (\S+)$/, 'it leaves by $1', 'it does not leave by $1'],
  [
    /^--match-set (\S+) (\S+)$/,
    'it is in set $1 ($2), whose members are not shown',
    'it is not in set $1 ($2), whose members are not shown',
  ],
  [/^--src-type (\S+)$/, 'its source is of type $1', 'its source is not of type $1'],
  [/^--dst-type (\S+)$/, 'its destination is of type $1', 'its destination is not of type $1'],
  [/^the (destination|source) is an address of this node$/, 'its $1 is an address of this node', 'its $1 is no address of this node'],
  [/^(\S+) is an address of this node$/, '$1 is an address of this node', '$1 is not an address of this node'],
  [
    /^the interface that "(.*)" may ask for, which the listing hides$/s,
    'the rule "$1" asks for no other interface (the listing hides interfaces)',
    'the rule "$1" asks for another interface (the listing hides interfaces)',
  ],
];

/** What was taken of a packet that nobody can see, to be read after "if": `it does not arrive at br-4c1e`. */
export function suppositionText({ condition, holds }: Supposition): string {
  for (const [option, yes, no] of WORDS) if (option.test(condition)) return condition.replace(option, holds ? yes : no);
  return holds ? `it meets "${condition}"` : `it does not meet "${condition}"`;
}

/** What a statement needs to be so, one line each. */
export function suppositionDetails(suppositions: readonly Supposition[]): Detail[] {
  return suppositions.map((supposition) => ({ label: 'if', text: suppositionText(supposition) }));
}
