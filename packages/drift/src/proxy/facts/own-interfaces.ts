import type { InterfaceAddresses, Model } from '../../state/model.ts';
import { IPVS_INTERFACE } from './node-world.ts';

/** The interfaces that are the node's own: all but that on which ipvs mode keeps the addresses of services. */
export function ownInterfaces({ interfaces }: Pick<Model, 'interfaces'>): InterfaceAddresses[] {
  return [...interfaces.values()].filter(({ name }) => name !== IPVS_INTERFACE);
}

/** Their addresses. */
export function ownAddresses(model: Pick<Model, 'interfaces'>): string[] {
  return ownInterfaces(model).flatMap(({ addresses }) => [...addresses.keys()]);
}
