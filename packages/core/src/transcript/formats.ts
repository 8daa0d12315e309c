import type { Format } from './format.ts';
import { conntrackEntries } from './formats/conntrack.ts';
import { dpvsAddresses, dpvsLinks, dpvsRoutes } from './formats/dpip.ts';
import { dpvsConnections } from './formats/dpvs.ts';
import { toolErrors } from './formats/errors.ts';
import { ipsetList, ipsetNames, ipsetSave } from './formats/ipset.ts';
import { iptablesListing, iptablesSave } from './formats/iptables.ts';
import {
  ipvsadmConnections,
  ipvsadmDaemons,
  ipvsadmListing,
  ipvsadmSave,
  ipvsadmTimeouts,
  procConnections,
  procStats,
} from './formats/ipvsadm.ts';
import { kubeProxyLog, proxyMode } from './formats/kube-proxy.ts';
import { type nftJson, nftListing, nftTables } from './formats/nft.ts';
import { kubectlDescribe, kubectlTable, type kubernetesJson, kubernetesYaml } from './formats/kubernetes.ts';
import { lsmod, moduleNames, modulesBuiltin, procModules } from './formats/modules.ts';
import { ipAddresses } from './formats/ip-addresses.ts';
import { ipRoutes } from './formats/ip-routes.ts';
import { ipRules } from './formats/ip-rules.ts';
import { procSysValues } from './formats/proc-sys.ts';
import { listeningSockets } from './formats/sockets.ts';
import { sysctlValues } from './formats/sysctl.ts';
import { unameRelease, unameSystem } from './formats/uname.ts';
import { proxyVersion, toolVersions } from './formats/versions.ts';

const all = [
  kubeProxyLog,
  ...toolErrors,
  ...toolVersions,
  proxyVersion,
  ipvsadmConnections,
  procConnections,
  procStats,
  ipvsadmListing,
  ipvsadmSave,
  ipvsadmTimeouts,
  ipvsadmDaemons,
  iptablesListing,
  iptablesSave,
  ipsetList,
  ipsetSave,
  ipsetNames,
  nftListing,
  nftTables,
  procModules,
  lsmod,
  modulesBuiltin,
  moduleNames,
  kubectlTable,
  kubectlDescribe,
  kubernetesYaml,
  proxyMode,
  unameSystem,
  unameRelease,
  ipAddresses,
  ipRoutes,
  ipRules,
  listeningSockets,
  conntrackEntries,
  dpvsConnections,
  dpvsAddresses,
  dpvsLinks,
  dpvsRoutes,
  sysctlValues,
  procSysValues,
] as const satisfies readonly Format[];

/** A format of the list, or one that its brackets tell. */
type Listed = (typeof all)[number] | typeof nftJson | typeof kubernetesJson;

/** A format with the names of its tool and its output, as {@link formats} has them. */
export type KnownFormat = Format & Pick<Listed, 'tool' | 'form'>;

/** A format that is read where it is recognised. */
export type ReadFormat = Extract<Listed, { readonly read: unknown }>;

/** Every output that is told from others by its lines: the first that claims a line gets it. */
export const formats: readonly KnownFormat[] = all;

/** Those that are read where they are recognised. */
export const readFormats: readonly ReadFormat[] = all.filter((format): format is Extract<typeof format, ReadFormat> => 'read' in format);

/** Programs and files whose names tell the tool alone, each with its tool. */
export const namedPrograms: ReadonlyMap<string, KnownFormat['tool']> = new Map(
  formats.flatMap(({ programs = [], tool }) => programs.map((name) => [name, tool] as const)),
);
