/**
 * Whether an interface is, by its name, a bridge that others than pods of the cluster hang on: `docker0` and `br-4c1e09c6a1f2` of Docker,
 * `podman0`, `virbr0` of libvirt, `lxdbr0` of LXD. What arrives there comes from containers and machines that the cluster knows nothing of.
 */
export function isBridgeOfOthers(name: string): boolean {
  return /^(?:docker|podman|virbr|lxdbr)\d+$|^br-[0-9a-f]{12}$/.test(name);
}
