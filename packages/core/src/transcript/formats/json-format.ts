import type { KnownFormat } from '../formats.ts';
import { startsKubernetesJson, startsNftJson } from '../json-end.ts';
import { kubernetesJson } from './kubernetes.ts';
import { nftJson } from './nft.ts';

/** The output in JSON that begins there. */
export function jsonFormatAt(text: string, start: number): KnownFormat | undefined {
  if (startsNftJson(text, start)) return nftJson;
  return startsKubernetesJson(text, start) ? kubernetesJson : undefined;
}
