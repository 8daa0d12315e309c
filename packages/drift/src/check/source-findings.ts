import { desiredTable } from '../proxy/desired/desired-table.ts';
import type { NodeView } from '../kubernetes/node-facts.ts';
import type { ServiceFrontend, ServiceTable, SourceKind } from '../kubernetes/service-table.ts';
import { settingsOf } from './expectation.ts';
import { finding, type FoundThing, listed } from './finding.ts';

const SENDERS: { readonly [Kind in SourceKind]: string } = { pod: 'pods', node: 'the node', outside: 'outside' };

/** Services whose clients are masqueraded, or not, other than kube-proxy with the settings found would have it. */
export function sourceFindings(view: NodeView, asked: NodeView): FoundThing[] {
  const { facts, knowledge, table, model } = view;
  if (asked.knowledge.services.length === 0 || facts.clusterCidr === undefined || (knowledge.nodeName ?? asked.knowledge.nodeName) === undefined) return [];
  const demanded = pathsOf(desiredTable(asked.knowledge, settingsOf(view, asked)));
  const groups = new Map<string, { readonly names: Set<string>; readonly keys: string[]; readonly origins: FoundThing['origins'] }>();
  for (const { name, frontends } of table.servicePorts) {
    for (const frontend of frontends) {
      const expected = demanded.get(`${name} ${placeOf(frontend)}`);
      const wrong = frontend.paths.filter(({ from, masqueraded }) => masqueraded !== undefined && expected?.get(from) !== undefined && expected.get(from) !== masqueraded);
      const [first] = wrong;
      if (first === undefined) continue;
      const how = first.masqueraded === true ? 'are masqueraded, which the settings of kube-proxy do not ask for' : 'keep their source address, which the settings of kube-proxy would replace';
      const key = `${frontend.protocol} ${frontend.addresses[0] ?? '*'}:${frontend.port}`;
      const origin = model.ipvs?.services.get(key)?.origin;
      const story = `connections from ${listed(wrong.map(({ from }) => SENDERS[from]))} to the ${frontend.purpose} ${how}`;
      const group = groups.get(story);
      if (group === undefined) groups.set(story, { names: new Set([name]), keys: [key], origins: origin === undefined ? facts.clusterCidr.origins : [origin] });
      else {
        group.names.add(name);
        group.keys.push(key);
      }
    }
  }
  return [...groups].map(([story, { names, keys, origins }]) => {
    const [name = ''] = names;
    return finding('x.source-not-expected', { subject: { kind: 'kube.servicePort', name, frontends: keys }, text: `${listed([...names])}: ${story}`, origins });
  });
}

function placeOf({ purpose, protocol, addresses, port }: ServiceFrontend): string {
  return `${protocol} ${purpose === 'node port' ? '*' : addresses.join()} ${port}`;
}

function pathsOf(table: ServiceTable): Map<string, ReadonlyMap<SourceKind, boolean>> {
  const paths = new Map<string, ReadonlyMap<SourceKind, boolean>>();
  for (const { name, frontends } of table.servicePorts) {
    for (const frontend of frontends) {
      paths.set(`${name} ${placeOf(frontend)}`, new Map(frontend.paths.flatMap(({ from, masqueraded }) => (masqueraded === undefined ? [] : [[from, masqueraded] as const]))));
    }
  }
  return paths;
}
