import type { Supposition } from '../../packets/flow.ts';
import type { Detail } from '../../report.ts';
import { type Asked, interfaceText } from '../../world/asked.ts';

/** What was taken of a packet that nobody can see, to be read after "if": `it does not arrive at br-4c1e`. */
export function suppositionText({ condition, asks, holds }: Supposition): string {
  switch (asks?.kind) {
    case 'interface':
      return interfaceText(asks, holds);
    case 'hidden interface':
      return `the rule "${asks.rule}" asks for ${holds ? 'no other' : 'another'} interface (the listing hides interfaces)`;
    case 'member':
      return `it is ${holds ? '' : 'not '}in set ${asks.set} (${asks.by}), whose members are not shown`;
    case 'address type':
      return `its ${asks.of} is ${holds ? '' : 'not '}of type ${asks.type}`;
    case 'own address':
      return ownAddressText(asks.of, holds);
    case 'mark':
      return `it ${holds ? 'has' : 'does not have'} the mark 0x${asks.value.toString(16)}/0x${asks.mask.toString(16)}, which rules of nat may set: that table was not given`;
    default:
      return `it ${holds ? 'meets' : 'does not meet'} "${condition}"`;
  }
}

function ownAddressText(of: OwnAddress['of'], holds: boolean): string {
  return typeof of === 'string'
    ? `its ${of} is ${holds ? 'an' : 'no'} address of this node`
    : `${of.address} is ${holds ? '' : 'not '}an address of this node`;
}

type OwnAddress = Extract<Asked, { readonly kind: 'own address' }>;

/** What a condition supposes to be the node's address, or not to be: an address, or `the destination`. */
export function ownAddressOf({ asks }: Supposition): string | undefined {
  if (asks?.kind !== 'own address') return undefined;
  return typeof asks.of === 'string' ? `the ${asks.of}` : asks.of.address;
}

/** What a statement needs to be so, one line each. */
export function suppositionDetails(suppositions: readonly Supposition[]): Detail[] {
  return suppositions.map((supposition) => ({ label: 'if', text: suppositionText(supposition) }));
}
