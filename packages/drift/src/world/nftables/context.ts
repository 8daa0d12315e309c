import type { NftMap, NftSet, Table } from '@netdrift/nftables';
import type { Action, Test } from '../ir.ts';
import type { UnknownTest, UnknownTraits } from '../unknown-test.ts';

/** What a rule of nft is compiled with. */
export interface NftContext {
  readonly family: 'ipv4' | 'ipv6';
  /** `ip kube-proxy` */
  readonly table: string;
  readonly tableFamily: Table['family'];
  readonly sets: ReadonlyMap<string, NftSet | NftMap>;
}

/** What a statement becomes: conditions and actions, `never` where no packet of the family meets the condition. */
export type CompiledParts = readonly (Test | Action)[] | 'never';

/** A condition that no listing decides. */
export function unknown(text: string, not = false, traits: UnknownTraits = {}): UnknownTest {
  return { kind: 'unknown', identity: text, text, not, counts: false, about: 'every', usually: false, ...traits };
}
