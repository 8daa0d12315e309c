import { valuesOf } from '../read/kinds/values-of.ts';
import type { Part, Snapshot } from '../read/snapshot.ts';
import { endpointsOf, lineOrigin, servicesOf } from './cluster-objects.ts';
import { ipvsState } from './ipvs-state.ts';
import { ipvsTable } from './ipvs-views.ts';
import type { InterfaceAddresses, Model, ViewDisagreement } from './model.ts';
import { moduleTable } from './module-table.ts';
import { shownNftTables } from './nft-tables.ts';
import { ruleTables } from './rule-tables.ts';
import { setTable } from './set-table.ts';

/** What a snapshot shows, in normal form. Several views of one thing are one thing here. `read`: the other side of a comparison. */
export function buildModel(snapshot: Snapshot, read?: Model): Model {
  const disagreements: ViewDisagreement[] = [];
  const ipvs = ipvsTable(snapshot.parts, disagreements);
  const state = ipvsState(snapshot.parts);
  const tables = ruleTables(snapshot.parts, disagreements, read?.tables);
  const sets = setTable(snapshot.parts, disagreements);
  const nft = shownNftTables(snapshot.parts);
  const modules = moduleTable(snapshot.parts);
  const services = servicesOf(snapshot.parts);
  const endpoints = endpointsOf(snapshot.parts);
  const proxyModeAnswer = answerOf(snapshot.parts);
  const proxyVersion = versionOf(snapshot.parts);
  return {
    ...(ipvs === undefined ? {} : { ipvs }),
    ...(state === undefined ? {} : { ipvsState: state }),
    tables,
    wholeFamilies: wholeFamilies(snapshot.parts),
    ...(sets === undefined ? {} : { sets }),
    ...(nft === undefined ? {} : { nft }),
    ...(modules === undefined ? {} : { modules }),
    interfaces: interfacesOf(snapshot.parts),
    ...(services === undefined ? {} : { services }),
    ...(endpoints === undefined ? {} : { endpoints }),
    ...(proxyModeAnswer === undefined ? {} : { proxyModeAnswer }),
    ...(proxyVersion === undefined ? {} : { proxyVersion }),
    showsNames: snapshot.parts.some(showsNames),
    disagreements,
  };
}

function showsNames({ content }: Part): boolean {
  if (content.kind === 'rules') return content.value.kind === 'IptablesListing' && content.value.layout.names === true;
  return content.kind === 'ipvs' && content.value.services.some((service) => isNamed(service) || service.destinations.some(isNamed));
}

function isNamed({ name, portName }: { readonly name?: string; readonly portName?: string }): boolean {
  return name !== undefined || portName !== undefined;
}

function versionOf(parts: readonly Part[]): string | undefined {
  return valuesOf(parts, 'ProxyVersion')[0]?.value.version;
}

/** `iptables-save` prints every table there is; `iptables -S` and a save of one table (`-t nat`) do not. */
function wholeFamilies(parts: readonly Part[]): Set<'ipv4' | 'ipv6'> {
  const families = new Set<'ipv4' | 'ipv6'>();
  for (const { content, completeness, command } of parts) {
    if (content.kind !== 'rules' || completeness.state !== 'complete') continue;
    if (content.value.kind !== 'IptablesSave' || content.value.layout.style !== 'save') continue;
    // One table may be all there is, or the one that was asked for: the command tells.
    const asked = command?.split(' ').includes('-t') === false;
    if (asked || content.value.tables.length !== 1) families.add(content.family);
  }
  return families;
}

function interfacesOf(parts: readonly Part[]): Map<string, InterfaceAddresses> {
  const interfaces = new Map<string, InterfaceAddresses>();
  for (const { value, part } of valuesOf(parts, 'InterfaceAddresses')) {
    for (const { name, addresses } of value.interfaces) {
      interfaces.set(name, { name, addresses: new Map(addresses.map(({ address, line }) => [address, lineOrigin(part, line)])) });
    }
  }
  return interfaces;
}

function answerOf(parts: readonly Part[]): string | undefined {
  const [answer] = valuesOf(parts, 'ProxyMode');
  if (answer !== undefined) return answer.value.mode;
  // The log says it too, at the start.
  const logged = valuesOf(parts, 'ProxyLog')
    .flatMap(({ value }) => value.statements)
    .findLast(({ kind }) => kind === 'mode-used');
  return logged?.kind === 'mode-used' ? logged.mode : undefined;
}
