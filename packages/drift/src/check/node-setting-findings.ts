import { originIn } from '../state/origin.ts';
import type { NodeView } from '../services/node-facts.ts';
import { IPVS_INTERFACE } from '../proxy/facts/node-world.ts';
import type { ServiceFrontend } from '../proxy/service-table.ts';
import { findingKinds, type FoundThing } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.ipvs.address-missing',
    severity: 'critical',
    title: 'a virtual service has its address on no interface of the node',
    why: 'packets to it do not reach IPVS',
    needs: ['ipvs'],
    lessExact: true,
  },
  {
    id: 'lint.ipvs.connections-untracked',
    severity: 'warning',
    title: 'connections that IPVS forwards are not tracked',
    why: 'no rule masquerades them: endpoints see the address of the client, and those of other nodes answer it directly',
    needs: ['ipvs'],
  },
  {
    id: 'lint.node.not-forwarding',
    severity: 'critical',
    title: 'a node with services forwards no packets',
    why: 'connections of pods, and from outside to pods, get no further',
  },
]);

export const nodeSettings: FindingRule = { kinds, find: nodeSettingFindings };

/** What kube-proxy sets on a node beside rules and virtual services, where it is otherwise: kernel settings, addresses of services. */
function nodeSettingFindings(view: NodeView): FoundThing[] {
  // Of others nobody knows that they are meant to be so: a director that stands by has no address of its services.
  if (!view.kubernetes || view.facts.modeUsed === undefined) return [];
  return [...notForwarding(view), ...untracked(view), ...missingAddresses(view)];
}

function notForwarding({ knowledge, table }: NodeView): FoundThing[] {
  if (table.servicePorts.length === 0) return [];
  const families = [
    ['net.ipv4.ip_forward', 'packets', '.'],
    ['net.ipv6.conf.all.forwarding', 'IPv6 packets', ':'],
  ] as const;
  return families.flatMap(([name, packets, sign]) => {
    const setting = knowledge.sysctls.get(name);
    const serves = table.servicePorts.some(({ frontends }) =>
      frontends.some(({ addresses }) => addresses.some((one) => one.includes(sign))),
    );
    return setting?.value !== '0' || !serves
      ? []
      : [
          finding('lint.node.not-forwarding', {
            subject: { kind: 'config', name },
            text: `${name} is 0: the node forwards no ${packets}; connections of pods, and from outside to pods, get no further`,
            origins: [originIn(setting)],
          }),
        ];
  });
}

function untracked({ knowledge, facts, table }: NodeView): FoundThing[] {
  const name = 'net.ipv4.vs.conntrack';
  const setting = knowledge.sysctls.get(name);
  const serves = table.servicePorts.some(({ frontends }) => frontends.some(({ by }) => by === 'ipvs'));
  if (setting?.value !== '0' || facts.modeUsed?.value !== 'ipvs' || !serves) return [];
  return [
    finding('lint.ipvs.connections-untracked', {
      subject: { kind: 'config', name },
      text: `${name} is 0: connections that IPVS forwards are not tracked, so no rule masquerades them; kube-proxy sets it to 1`,
      origins: [originIn(setting)],
    }),
  ];
}

/** Addresses of services that IPVS has and no interface, where the snapshot shows the interface that kube-proxy gives them to. */
function missingAddresses({ model, table }: NodeView): FoundThing[] {
  if (!model.interfaces.has(IPVS_INTERFACE)) return [];
  return table.servicePorts.flatMap(({ name, frontends }) =>
    frontends.filter(isPassedBy).map((frontend) => {
      const key = `${frontend.protocol} ${frontend.addresses.join()}:${frontend.port}`;
      return finding('lint.ipvs.address-missing', {
        subject: { kind: 'ipvs.service', name: key, frontends: [key] },
        text: `${key} is on no interface of the node: packets to it from pods and outside do not reach IPVS`,
        lookAt: `ip addr show dev ${IPVS_INTERFACE}`,
        origins: [model.ipvs?.services.get(key)?.origin].filter((origin) => origin !== undefined),
        ...(name === undefined ? {} : { about: [name] }),
      });
    }),
  );
}

/** A node port may be at addresses of the node that no text shows. */
function isPassedBy({ by, purpose, paths, partialBecause }: ServiceFrontend): boolean {
  const clients = paths.filter(({ from }) => from !== 'node');
  return (
    by === 'ipvs' &&
    partialBecause === undefined &&
    purpose !== 'unknown' &&
    purpose !== 'node port' &&
    clients.length > 0 &&
    clients.every(({ verdict }) => verdict === 'passed')
  );
}
