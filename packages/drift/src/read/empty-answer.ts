import type { PartContent, SnapshotFile } from './snapshot.ts';

/**
 * What a file says that holds nothing, and whose command is known to have ended well: there is no set, no virtual service, no daemon, no
 * rule. `undefined` for a file whose tool always prints something.
 */
export function emptyAnswer({ name, as, exitStatus }: SnapshotFile): PartContent | undefined {
  if (exitStatus !== 0 || as !== undefined) return undefined;
  const base = name.slice(name.lastIndexOf('/') + 1);
  const span = { start: 0, end: 0 };
  if (base.startsWith('ipset')) return { kind: 'sets', value: { kind: 'IpsetSave', layout: { form: 'save' }, sets: [], span } };
  if (base.startsWith('ipvsadm-S')) return { kind: 'ipvs', value: { kind: 'IpvsadmSave', layout: { form: 'save' }, services: [], span } };
  if (base.startsWith('ipvsadm-ln-daemon')) return { kind: 'other', what: 'IpvsadmDaemons' };
  if (base.startsWith('nft-')) return { kind: 'nft', value: { kind: 'NftablesRuleset', layout: { form: 'listing' }, tables: [], span } };
  const [, six] = /^ip(6?)tables(?:-nft|-legacy)?-save/.exec(base) ?? [];
  if (six === undefined) return undefined;
  const family = six === '6' ? 'ipv6' : 'ipv4';
  return {
    kind: 'rules',
    value: { kind: 'IptablesSave', family, layout: { style: 'save' }, notices: [], tables: [], span },
    family,
    tableNames: [],
  };
}
