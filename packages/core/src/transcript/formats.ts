import type { Format } from './format.ts';
import { conntrackEntries } from './formats/conntrack.ts';
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
import { nftListing, nftTables } from './formats/nft.ts';
import { kubectlDescribe, kubectlTable, kubernetesYaml } from './formats/kubernetes.ts';
import { lsmod, moduleNames, modulesBuiltin, procModules } from './formats/modules.ts';
import { ipAddresses, ipRoutes, ipRules, listeningSockets, sysctlValues, unameRelease, unameSystem } from './formats/system.ts';
import { toolVersions } from './formats/versions.ts';

/** Every output that is told from others, the first that claims a line gets it. */
export const formats: readonly Format[] = [
  kubeProxyLog,
  ...toolErrors,
  ...toolVersions,
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
  sysctlValues,
];
