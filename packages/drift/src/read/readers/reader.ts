import type { Diagnostic, Output } from '@netdrift/core';
import type { LogStatement } from './logs/log-statement.ts';
import type { ReadObjects } from './read-object.ts';
import type { ReadConfiguration, ReadEndpoints, ReadEndpointSlice, ReadNode, ReadPod, ReadService } from './read-values.ts';

/** What one of the small readers found in a text that is no listing of a packet tool. Lines count from 1 in the text read. */
export type ReaderValue = ReadValue & {
  /** What could not be read of a text that is otherwise known; missing = nothing. */
  readonly diagnostics?: readonly Diagnostic[];
};

type ReadValue =
  | Output
  | { readonly kind: 'Services'; readonly services: readonly ReadService[] }
  | { readonly kind: 'Endpoints'; readonly endpoints: readonly ReadEndpoints[] }
  | { readonly kind: 'EndpointSlices'; readonly slices: readonly ReadEndpointSlice[] }
  | { readonly kind: 'Pods'; readonly pods: readonly ReadPod[] }
  | { readonly kind: 'Nodes'; readonly nodes: readonly ReadNode[] }
  /** Services, Endpoints, EndpointSlices and Nodes told in full, by `-o json`, `-o yaml` or `kubectl describe`. */
  | ({ readonly kind: 'Objects' } & ReadObjects)
  /** An interface that was asked for and does not exist. */
  | { readonly kind: 'NoInterface'; readonly name: string }
  /** A program that was called and is not installed. */
  | { readonly kind: 'NoProgram'; readonly name: string }
  | { readonly kind: 'ProxyLog'; readonly lines: number; readonly statements: readonly LogStatement[] }
  | { readonly kind: 'ProxyConfiguration'; readonly file: string; readonly configuration: ReadConfiguration };

/** A small reader: recognises its text and reads it, in one pass. */
export interface Reader {
  /** What it reads, as `kubectl get svc`. */
  readonly title: string;
  /** What it found, or undefined when the text is of another kind. */
  readonly read: (text: string) => ReaderValue | undefined;
}
