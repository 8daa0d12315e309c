import type { Layer } from '../layers/layer.ts';

/** The program of `Sep 29 23:26:04 host dockerd[1023]: ` and `kube-proxy-7k2xp  | `. */
const TAG = /(?:^|[ /])([A-Za-z][\w.@-]{0,60})(?:\[\d{1,10}\])?: $/;
/** Programs that run kube-proxy inside themselves. */
const HOLDS_KUBE_PROXY = /^(?:kube-proxy|hyperkube|k3s(?:-agent)?|rke2(?:-agent|-server)?|k0s|kubelite|microk8s)/;

/** Source files in front of the messages of klog, by the program that alone has them. */
const FILES: readonly (readonly [program: string, files: RegExp])[] = [
  // kubernetes/kubernetes: pkg/kubelet
  [
    'kubelet',
    /^(?:kubelet\w*|kuberuntime_\w+|pod_workers|pod_container_deletor|cpu_manager|container_manager_linux|setters|nodestatus|status_manager|eviction_manager|volume_manager|desired_state_of_world_populator|pod_startup_latency_tracker|cadvisor_\w+|remote_runtime|remote_image|dns|reconciler_common|operation_generator)\.go$/,
  ],
  // cloudnativelabs/kube-router: pkg/controllers
  ['kube-router', /^(?:network_(?:services|routes|policy)_controller|network_service_graceful|bgp_\w+|kube-router|ecmp_vip)\.go$/],
  // flannel-io/flannel: pkg
  ['flanneld', /^(?:ipmasq|kube|vxlan(?:_network)?|match|subnet|route_network)\.go$/],
  [
    'kube-controller-manager',
    /^(?:controllermanager|garbagecollector|replica_set|node_lifecycle_controller|endpointslice_controller|range_allocator|cidr_allocator)\.go$/,
  ],
  ['kube-scheduler', /^(?:schedule_one|scheduling_queue|eventhandlers)\.go$/],
  ['CoreDNS', /^(?:coredns)\.go$/],
];
const HEAD = /[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ ([\w.-]+\.go):\d+\]/g;
/** What only kube-proxy and what it is made of says: its files, its sentences, and those of libnetwork on IPVS. */
const KUBE_PROXY =
  /\b(?:proxier|server_others|server_linux|proxier_health|service_health|graceful_termination)\.go:\d|proxy-mode|[Pp]roxier\b|\bip_?vs\b|ipv4\/vs\/|\[preflight\]|RequiredIPVSKernelModules|"caller":"/i;
/** Characters of a log that tell whose it is. */
const LOOKED_AT = 20_000;

/** The program that syslog or journald names before a line, by what was taken off the line. */
export function taggedProgram(prefix: string): string | undefined {
  return TAG.exec(prefix)?.[1];
}

/** Whether a program is kube-proxy, or runs it inside itself. */
export function holdsKubeProxy(program: string): boolean {
  return HOLDS_KUBE_PROXY.test(program);
}

/**
 * `[pod/kube-proxy-x/kube-proxy] ` of kubectl, `kube-proxy-x kube-proxy ` of stern, `[kube-proxy-x] ` of kubetail: the container's own
 * words.
 */
const CONTAINER = /^(?:\[pod\/\S*kube-proxy\S*\] |\S+ kube-proxy |\[kube-proxy-[\w.-]+(?: [\w-]+)?\] )$/;

/** Whether what was taken off a line says that kube-proxy wrote the line. */
export function isOfKubeProxy({ kind, text }: Layer): boolean {
  if (kind.name !== 'log-prefix') return false;
  const program = taggedProgram(text);
  return program === undefined ? CONTAINER.test(text) : holdsKubeProxy(program);
}

/**
 * The program that wrote a log, where it is none of kube-proxy's: by the name that syslog and journald put before each line, or by the
 * source files that klog names. `''` = another one that names itself nowhere; `undefined` = kube-proxy, as far as the log tells.
 */
export function loggingProgram(text: string, layers: readonly Layer[]): string | undefined {
  const tag = layers.map((layer) => taggedProgram(layer.text)).find((found) => found !== undefined);
  if (tag !== undefined) return holdsKubeProxy(tag) ? undefined : tag;
  const head = text.slice(0, LOOKED_AT);
  if (KUBE_PROXY.test(head)) return undefined;
  const files = [...head.matchAll(HEAD)].map(([, file = '']) => file);
  for (const [program, own] of FILES) if (files.some((file) => own.test(file))) return program;
  return files.length === 0 && /^time="/m.test(head) ? '' : undefined;
}
