import type { Model, RuleTable } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import type { Fact, ProxyFacts } from './fact.ts';
import { bitOf, masqueradeFacts } from './masquerade-facts.ts';
import { modeOf } from './mode-signs.ts';

const known = new WeakMap<Model, ProxyFacts>();

/** Reads the facts from a model; once from each. */
export function proxyFacts(model: Model): ProxyFacts {
  let facts = known.get(model);
  if (facts === undefined) known.set(model, (facts = factsOf(model)));
  return facts;
}

function factsOf(model: Model): ProxyFacts {
  const nat = model.tables.get('ipv4 nat') ?? model.tables.get('ipv6 nat');
  const proxyMode = modeOf(model, nat);
  const masquerade = masqueradeFacts(natTables(model));
  const masqueradeBit = nat === undefined ? undefined : bitOf(nat);
  const scheduler = schedulerOf(model);
  return {
    ...(proxyMode === undefined ? {} : { proxyMode }),
    ...masquerade,
    ...(masqueradeBit === undefined ? {} : { masqueradeBit }),
    ...(scheduler === undefined ? {} : { scheduler }),
  };
}

function natTables(model: Model): RuleTable[] {
  return ['ipv4 nat', 'ipv6 nat'].flatMap((key) => model.tables.get(key) ?? []);
}

function schedulerOf(model: Model): Fact<string> | undefined {
  const counts = new Map<string, { count: number; readonly origin: Origin }>();
  let total = 0;
  for (const { scheduler, origin: row, schedulerOrigin: origin = row } of model.ipvs?.services.values() ?? []) {
    if (scheduler === undefined) continue;
    total++;
    const known = counts.get(scheduler);
    if (known === undefined) counts.set(scheduler, { count: 1, origin });
    else known.count++;
  }
  const [best] = [...counts].sort(([, one], [, other]) => other.count - one.count);
  if (best === undefined) return undefined;
  return { value: best[0], because: `${best[1].count} of ${total} virtual services use it`, origins: [best[1].origin] };
}
