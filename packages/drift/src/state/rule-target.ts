import { printIptablesTarget, type Target } from '@netdrift/iptables';
import { addressNumber } from './address-range.ts';
import type { RuleTarget } from './condition.ts';
import { hexadecimal, portNumber } from './rule-words.ts';

/** What a rule does, in normal form. */
export function ruleTarget(target: Target | undefined, goto: boolean): RuleTarget {
  if (target === undefined) return { kind: 'none', text: '' };
  switch (target.kind) {
    case 'ChainTarget':
      return { kind: 'jump', chain: target.name, goto, text: `${goto ? '-g' : '-j'} ${target.name}` };
    case 'VerdictTarget':
      return { kind: 'verdict', name: target.name, text: `-j ${target.name}` };
    case 'RejectTarget':
      return { kind: 'verdict', name: 'REJECT', text: `-j REJECT --reject-with ${target.with}` };
    case 'DnatTarget': {
      const to = natRangeText(target.to);
      const address = addressNumber(target.to.address ?? '');
      return {
        kind: 'dnat',
        to,
        ...(address === undefined ? {} : { address }),
        ...firstPort(target.to.ports),
        text: `-j DNAT --to-destination ${to}${attributes(target)}`,
      };
    }
    case 'RedirectTarget': {
      const to = target.ports === undefined ? 'this node' : `this node:${natPortText(target.ports.low, target.ports.high)}`;
      return { kind: 'dnat', to, ...firstPort(target.ports), toNode: true, text: `-j REDIRECT ${to}${attributes(target)}` };
    }
    case 'MasqueradeTarget': {
      const ports = target.ports === undefined ? '' : ` --to-ports ${natPortText(target.ports.low, target.ports.high)}`;
      return { kind: 'snat', name: 'MASQUERADE', to: `MASQUERADE${ports}`, text: `-j MASQUERADE${ports}${attributes(target)}` };
    }
    case 'SnatTarget': {
      const to = `SNAT --to-source ${natRangeText(target.to)}`;
      return { kind: 'snat', name: 'SNAT', to, text: `-j ${to}${attributes(target)}` };
    }
    case 'MarkTarget':
      return {
        kind: 'mark',
        andMask: ~target.mask >>> 0,
        xorValue: target.value,
        text: `-j MARK --set-xmark ${hexadecimal(target.value)}/${hexadecimal(target.mask)}`,
      };
    case 'UnknownTarget':
      return { kind: 'other', name: target.name, continues: false, text: `-j ${target.name} ${target.text}`.trim() };
    default:
      return { kind: 'other', name: target.name, continues: true, text: printIptablesTarget(target) };
  }
}

function attributes(target: { readonly random?: true; readonly randomFully?: true; readonly persistent?: true }): string {
  return `${target.random === true ? ' --random' : ''}${target.randomFully === true ? ' --random-fully' : ''}${target.persistent === true ? ' --persistent' : ''}`;
}

function natRangeText(range: {
  readonly address?: string;
  readonly addressEnd?: string;
  readonly ports?: { readonly low: number | string; readonly high: number | string };
  readonly basePort?: number;
}): string {
  const address = range.address ?? '';
  const shown = range.ports !== undefined && address.includes(':') ? `[${address}]` : address;
  const end = range.addressEnd === undefined ? '' : `-${range.addressEnd}`;
  const ports = range.ports === undefined ? '' : `:${natPortText(range.ports.low, range.ports.high)}`;
  return `${shown}${end}${ports}${range.basePort === undefined ? '' : `/${range.basePort}`}`;
}

function firstPort(ports: { readonly low: number | string } | undefined): { readonly port?: number } {
  const port = ports === undefined ? undefined : portNumber(ports.low);
  return typeof port === 'number' ? { port } : {};
}

/** Where ports are translated a range has a dash: `8080-8089`. */
function natPortText(low: number | string, high: number | string): string {
  return low === high ? String(low) : `${low}-${high}`;
}
