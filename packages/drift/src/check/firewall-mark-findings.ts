import { addToGroup } from '../common/add-to-group.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { RuleEntry, RuleTable } from '../state/model.ts';
import { findingKinds, type FoundThing, inFamily } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.fwm.mark-without-service',
    severity: 'warning',
    title: 'a mark that no virtual service uses',
    why: 'marked packets are not balanced',
    needs: ['ipvs'],
  },
  {
    id: 'lint.fwm.port-with-two-marks',
    severity: 'warning',
    title: 'two rules set different marks on the same packets',
    why: 'the later one decides',
  },
  {
    id: 'lint.fwm.service-without-mark',
    severity: 'warning',
    title: 'a virtual service for a mark that no rule sets',
    why: 'no packet reaches it',
    needs: ['mangle'],
  },
]);

export const firewallMarks: FindingRule = { kinds, find: firewallMarkFindings };

/** Marks of the mangle table joined with the virtual services that ask for marks: hexadecimal there, decimal here. */
function firewallMarkFindings({ model }: NodeView): FoundThing[] {
  const services = [...(model.ipvs?.services.values() ?? [])].filter((service) => service.fwmark !== undefined);
  if (services.length === 0) return [];
  const found: FoundThing[] = [];
  for (const family of ['ipv4', 'ipv6'] as const) {
    const mangle = model.tables.get(`${family} mangle`);
    if (mangle === undefined) continue;
    const marks = marksOf(mangle);
    const asked = new Set(services.filter((service) => service.family === family).map((service) => service.fwmark));
    for (const service of services) {
      if (service.family !== family || marks.has(service.fwmark ?? 0) || !mangle.complete) continue;
      found.push(
        finding('lint.fwm.service-without-mark', {
          subject: { kind: 'ipvs.service', name: service.key },
          text: `${service.key} is reached by no packet: no rule of mangle sets mark ${hexadecimal(service.fwmark ?? 0)}`,
          origins: [service.origin],
        }),
      );
    }
    for (const [mark, rules] of marks) {
      if (asked.has(mark) || model.ipvs?.complete !== true) continue;
      found.push(
        finding('lint.fwm.mark-without-service', {
          subject: { kind: 'iptables.rule', name: `mangle ${hexadecimal(mark)}` },
          text: `mark ${hexadecimal(mark)} (${mark}) is set and no virtual service asks for it`,
          origins: rules.map(({ origin }) => origin),
        }),
      );
    }
    found.push(...inFamily(family, twoMarks(mangle)));
  }
  return found;
}

/** Rules that set a whole mark, by the mark. */
function marksOf(mangle: RuleTable): Map<number, RuleEntry[]> {
  const marks = new Map<number, RuleEntry[]>();
  for (const chain of mangle.chains.values()) {
    for (const rule of chain.rules) {
      if (rule.target.kind !== 'mark' || rule.target.xorValue === 0) continue;
      addToGroup(marks, rule.target.xorValue, rule);
    }
  }
  return marks;
}

function twoMarks(mangle: RuleTable): FoundThing[] {
  const found: FoundThing[] = [];
  for (const chain of mangle.chains.values()) {
    const first = new Map<string, RuleEntry>();
    for (const rule of chain.rules) {
      if (rule.target.kind !== 'mark') continue;
      const known = first.get(rule.conditionKey);
      if (known === undefined) first.set(rule.conditionKey, rule);
      else if (known.target.text !== rule.target.text && known.target.kind === 'mark') {
        found.push(
          finding('lint.fwm.port-with-two-marks', {
            subject: { kind: 'iptables.rule', name: `${mangle.name} ${chain.name}#${rule.number}` },
            values: [rule.key],
            text: `packets "${rule.conditionKey}" get mark ${hexadecimal(known.target.xorValue)} by rule ${known.number} of ${chain.name} and ${hexadecimal(rule.target.xorValue)} by rule ${rule.number}, which decides`,
            origins: [known.origin, rule.origin],
          }),
        );
      }
    }
  }
  return found;
}

function hexadecimal(mark: number): string {
  return `0x${mark.toString(16)}`;
}
