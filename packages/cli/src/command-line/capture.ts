import { Trouble } from '../trouble.ts';
import type { CaptureOptions } from '../commands/capture.ts';
import { type AddCommand, once, withHelp } from './options.ts';

/** What `netdrift capture --help` prints. */
export const CAPTURE_HELP = `netdrift capture - the script that collects a snapshot of a node

  netdrift capture --run                                  on this node: writes netdrift-HOST-TIME.tar.gz here
  netdrift capture | ssh node sudo sh -s > node.tar.gz    on another one, which needs neither netdrift nor Node
  netdrift capture | kubectl debug node/NAME --quiet -i --image=busybox --profile=sysadmin -- chroot /host sh -s > node.tar.gz
  netdrift diff before.tar.gz after.tar.gz

Without --run the script is printed: POSIX shell, for dash and busybox sh. It changes nothing. ipvsadm, ipset, nft, iptables and
conntrack are run only where the kernel has their modules already, for they would load them. manifest.json in the archive says what
was run, how it ended, and what was not run and why. No Secret, key or environment is read.

Options:
  --run                     run it here, as the user that you are; as root it sees most
  --output FILE             with --run, where the archive goes (netdrift-HOST-TIME.tar.gz in this folder); -: standard output

Exit status: 0, or 2 where nothing could be collected.
`;

/** `netdrift capture`: the script that collects a snapshot. */
export const addCapture: AddCommand = (program, done) => {
  withHelp(program.command('capture'), CAPTURE_HELP)
    .option('--run')
    .addOption(once('--output <file>'))
    .action(async (options: CaptureOptions) => {
      if (options.output !== undefined && options.run === undefined) throw new Trouble('--output has no meaning without --run');
      const { capture } = await import('../commands/capture.ts');
      done(await capture(options));
    });
};
