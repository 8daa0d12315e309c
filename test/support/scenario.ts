import { readSnapshot, type Snapshot } from '@netdrift/drift';
import { corpusFile, corpusFiles } from './corpus.ts';

/** Folders of the corpus that hold captures of a real kube-proxy. */
export type CaptureFolder = 'kube-proxy' | 'kube-proxy-modes' | 'kube-proxy-nftables';

/** One capture of a real kube-proxy: a scenario, or one step of it. */
export interface Capture {
  readonly folder: CaptureFolder;
  /** `ipvs-v1.30-kitchen-sink`, `ipvs-v1.30-pair-scale-up/before`. */
  readonly name: string;
  readonly scenario: string;
  /** Empty for a scenario of a single capture. */
  readonly step: string;
  /** Paths of its files; those that stand once for all steps included. */
  readonly files: readonly string[];
}

/** What a scenario's `manifest.json` says. */
export interface Manifest {
  readonly kubeProxyVersion: string;
  readonly kubeProxyFlags: readonly string[];
  readonly proxyModeReported: string | null;
  readonly kubeProxyFlagsPerStep?: Readonly<Record<string, readonly string[]>>;
  readonly proxyModeReportedPerStep?: Readonly<Record<string, string | null>>;
  readonly node: {
    readonly name: string;
    readonly internalIP?: string;
    readonly addresses?: readonly string[];
    readonly podCIDR?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly steps: readonly string[];
}

/** Every capture, in the order of their names. */
export function captures(from: CaptureFolder = 'kube-proxy'): Capture[] {
  return corpusFiles(from, (path) => path.endsWith('/objects.json')).map((path) => {
    const folder = path.slice(0, -'/objects.json'.length);
    const [scenario = '', step = ''] = folder.slice(`${from}/`.length).split('/');
    const root = `${from}/${scenario}/`;
    const own = corpusFiles(folder);
    const shared = step === '' ? [] : corpusFiles(root, (file) => countsForStep(file.slice(root.length), step, own));
    return { folder: from, name: step === '' ? scenario : `${scenario}/${step}`, scenario, step, files: [...own, ...shared] };
  });
}

/** Files that stand once for all steps, but for logs, for what the step has itself, and for the configuration of another step. */
function countsForStep(name: string, step: string, own: readonly string[]): boolean {
  if (name.includes('/') || name.endsWith('.log') || own.some((file) => file.endsWith(`/${name}`))) return false;
  return !name.startsWith('kube-proxy-config-') || name === `kube-proxy-config-${step}.yaml`;
}

/** The manifest of a capture's scenario. */
export function manifestOf(capture: Capture): Manifest {
  return JSON.parse(corpusFile(`${capture.folder}/${capture.scenario}/manifest.json`)) as Manifest;
}

/** The snapshot of a capture from the files wanted; the manifest is never part of it. */
export function snapshotOf(capture: Capture, wanted: (file: string) => boolean = () => true): Snapshot {
  const root = `${capture.folder}/${capture.scenario}/`;
  const files = capture.files.filter((file) => !file.endsWith('manifest.json') && wanted(file.slice(file.lastIndexOf('/') + 1)));
  return readSnapshot(files.map((file) => ({ name: file.slice(root.length), content: corpusFile(file) })));
}
