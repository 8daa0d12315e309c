import type { IpvsService } from '../../../state/model.ts';
import { LOOPBACK } from '../../../world/local-addresses.ts';
import { toAddress } from '../../../world/values.ts';
import type { Lookup } from '../../../world/lookup.ts';
import type { IpvsWorld, LocalAddresses } from '../../../world/world.ts';
import { ipvsShares } from '../../shares.ts';
import { type Box, EVERYTHING, PLACE, withField } from '../sets/box.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { entryBox } from './decisions.ts';
import type { Balanced, Question, Step } from './step.ts';

/** The virtual services as steps, marks before addresses as the kernel asks (Linux `ip_vs_service_find`). */
export function ipvsSteps({ byMark, byAddress }: IpvsWorld, addresses: LocalAddresses, vocabulary: Vocabulary): Step[] {
  const steps: Step[] = [];
  const add = (lookup: Lookup<IpvsService>): void => {
    for (const entry of lookup.entries) {
      const box = entryBox(lookup, entry, vocabulary);
      if (box === undefined) continue;
      const among = balanced(entry.value, addresses);
      const balance = (of: Box, to: readonly Balanced[]): void => {
        const verdict = { kind: 'balance', service: entry.value.key, among: to } as const;
        steps.push({ box: of, questions: [], actions: [], verdict, hit: 1, miss: 1 });
      };
      // Nothing from a loopback address leaves the node (Linux ip_vs_xmit.c `crosses_local_route_boundary`).
      const fromLoopback = withField(box, PLACE.source, LOOPBACK[vocabulary.family]);
      if (fromLoopback !== undefined && among.some(({ here }) => !here))
        balance(
          fromLoopback,
          among.map((one) => (one.here ? one : { ...one, kept: true })),
        );
      balance(box, among);
    }
    const open: Question = { kind: 'unknown', identity: lookup.name, text: lookup.name, not: false, counts: false, about: lookup.key };
    if (lookup.partial)
      steps.push({
        box: EVERYTHING,
        questions: [open],
        actions: [],
        verdict: { kind: 'opaque', text: lookup.name, mayReturn: true },
        hit: 1,
        miss: 1,
      });
  };
  if (byMark.entries.length > 0) add(byMark);
  add(byAddress);
  return steps;
}

/** A destination of a mark with port 0 takes a packet at the port that it asks for (Linux `ip_vs_schedule`). */
function balanced(service: IpvsService, { local }: LocalAddresses): Balanced[] {
  return ipvsShares(service)
    .filter(({ share }) => share > 0)
    .flatMap(({ address: key, share }) => {
      const destination = service.destinations.get(key);
      const address = destination === undefined ? undefined : toAddress(destination.address);
      if (destination === undefined || address === undefined) return [];
      const keepsPort = service.fwmark !== undefined && destination.port === 0;
      const translated = destination.forward === undefined || /^masq/i.test(destination.forward);
      const ports = keepsPort ? {} : ({ ports: [destination.port, destination.port] } as const);
      return [
        {
          weight: share,
          here: local.has(address),
          to: {
            ...(translated ? { addresses: [address, address] as const, ...ports } : {}),
            text: translated ? `${address}:${keepsPort ? '' : destination.port}` : key,
            server: keepsPort ? destination.address : key,
            ...(keepsPort ? { keepsPort } : {}),
            ...(service.fwmark === undefined ? {} : { markService: service.key }),
          },
        },
      ];
    });
}
