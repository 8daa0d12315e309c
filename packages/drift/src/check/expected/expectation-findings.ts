import type { NodeView } from '../../services/node-facts.ts';
import type { FoundThing } from '../finding.ts';
import type { FindingRule } from '../finding-rule.ts';
import { ruleKinds } from './rules/rule-kinds.ts';
import { addressFindings, addressKinds } from './findings/address-findings.ts';
import { endpointDifferences, endpointFindings, endpointKinds } from './findings/endpoint-findings.ts';
import type { Expectation } from './expectation.ts';
import { explainedBy } from './explained.ts';
import { hairpinRules } from './hairpin-rules.ts';
import { nftHairpins } from './nft-hairpins.ts';
import { isGivenUpFor, missingKinds, missingPlaces, missingServices } from './missing-services.ts';
import { oddWeights, weightKinds } from './odd-weights.ts';
import { orphanKinds, orphanPlaces, orphans, orphanServices, orphansInRules } from './orphan-services.ts';
import { pathFindings, pathKinds } from './findings/path-findings.ts';
import { ruleFindings } from './findings/rule-findings.ts';
import { servedPlaces, showsFamily } from './served-places.ts';
import { serviceRuleFindings } from './findings/service-rule-findings.ts';
import { setFindings, setKinds } from './findings/set-findings.ts';
import { compareRules } from './rules/compare-rules.ts';
import { sourceFindings, sourceKinds } from './findings/source-findings.ts';
import { virtualServiceFindings, virtualServiceKinds } from './findings/virtual-service-findings.ts';

export const expectations: FindingRule = {
  kinds: [
    ...missingKinds,
    ...orphanKinds,
    ...endpointKinds,
    ...weightKinds,
    ...pathKinds,
    ...sourceKinds,
    ...virtualServiceKinds,
    ...setKinds,
    ...addressKinds,
    ...ruleKinds,
  ],
  find: expectationFindings,
};

/**
 * Where a node does something else than the Services and endpoints of its cluster ask for; each cause once.
 *
 * What explains more comes first, and what follows from it is left out: a service of which nothing is there lacks its members of sets
 * too; where a rule for all services is missing, connections of each are treated otherwise.
 */
export function expectationFindings(view: NodeView, expectation: Expectation | undefined): FoundThing[] {
  const found = oddWeights(view, expectation);
  if (expectation === undefined || !(['ipv4', 'ipv6'] as const).some((family) => showsFamily(view, expectation, family))) return found;
  const served = servedPlaces(view);
  const orphaned = orphans(view, expectation);
  const lost = missingPlaces(view, expectation, served);
  const compared = compareRules(view, expectation);
  // Where all rules of a service are as they should be, rules for all services treat its connections otherwise.
  const differences = endpointDifferences(view, expectation.places, served).filter(({ place }) => !compared.intact.has(place.name));
  const inRules = orphanPlaces(view, expectation);
  const missing = missingServices(view, expectation, served, { ipvs: orphaned, rules: inRules });
  found.push(...missing, ...endpointFindings(view, differences));
  found.push(
    ...orphanServices(
      orphaned.filter((orphan) => !lost.some((place) => isGivenUpFor(orphan, place))),
      { knowledge: expectation.knowledge ?? view.knowledge, model: view.model },
    ),
  );
  // Of an endpoint that is not the service's it is told that it is not.
  const told = new Set(differences.map(({ place }) => place.name));
  found.push(
    ...[...hairpinRules(view), ...nftHairpins(view)].filter(({ subject, about = [subject.name] }) => !about.some((name) => told.has(name))),
  );
  const strays = orphansInRules(view, inRules, expectation, lost);
  if (missing.some(({ subject }) => subject.kind === 'config')) return [...found, ...strays];
  const explained = explainedBy(lost, orphaned, differences);
  const tables = [
    ...virtualServiceFindings(view, expectation),
    ...setFindings(view, expectation, explained),
    ...addressFindings(view, expectation, explained),
    ...ruleFindings(view, expectation, explained),
  ];
  const named = new Set([...missing, ...found, ...tables].flatMap(({ subject, about }) => about ?? [subject.name]));
  const isNew = ({ subject, about = [subject.name] }: FoundThing): boolean => !about.every((name) => named.has(name));
  // From where connections lead elsewhere follows who is masqueraded; and either tells more than a rule does.
  const effects = [
    pathFindings(view, expectation, served),
    sourceFindings(view, expectation, served),
    serviceRuleFindings(compared.differing),
  ].flatMap((one) => {
    const fresh = one.filter(isNew);
    for (const { subject, about } of fresh) for (const name of about ?? [subject.name]) named.add(name);
    return fresh;
  });
  // A place too many of a service that is told to lack one follows from that.
  const instead = new Set([...named].map((name) => name.replace(/:[^:]*$/, '')));
  return [...found, ...tables, ...effects, ...strays.filter(({ subject, about = [] }) => about.length > 0 || !instead.has(subject.name))];
}
