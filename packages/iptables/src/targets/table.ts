import { auditTarget } from './audit.ts';
import { checksumTarget } from './checksum.ts';
import { classifyTarget } from './classify.ts';
import { clusteripTarget } from './clusterip.ts';
import { connsecmarkTarget } from './connsecmark.ts';
import { connmarkTarget } from './connmark.ts';
import { ctTarget } from './ct.ts';
import { dnatTarget } from './dnat.ts';
import { dnptTarget } from './dnpt.ts';
import { dscpTarget } from './dscp.ts';
import { ecnTarget } from './ecn.ts';
import { hlTarget } from './hl.ts';
import { hmarkTarget } from './hmark.ts';
import { idletimerTarget } from './idletimer.ts';
import { ledTarget } from './led.ts';
import { logTarget } from './log.ts';
import { markTarget } from './mark.ts';
import { masqueradeTarget } from './masquerade.ts';
import { netmapTarget } from './netmap.ts';
import { nflogTarget } from './nflog.ts';
import { nfqueueTarget } from './nfqueue.ts';
import { notrackTarget } from './notrack.ts';
import { rateestTarget } from './rateest.ts';
import { redirectTarget } from './redirect.ts';
import { rejectTarget } from './reject.ts';
import { secmarkTarget } from './secmark.ts';
import { setTarget } from './set.ts';
import { snatTarget } from './snat.ts';
import { snptTarget } from './snpt.ts';
import { synproxyTarget } from './synproxy.ts';
import { tcpmssTarget } from './tcpmss.ts';
import { tcpoptstripTarget } from './tcpoptstrip.ts';
import { teeTarget } from './tee.ts';
import { tosTarget } from './tos.ts';
import { tproxyTarget } from './tproxy.ts';
import { traceTarget } from './trace.ts';
import { ttlTarget } from './ttl.ts';
import { ulogTarget } from './ulog.ts';

/** Every target with options this package knows. Adding one is a file beside this one and a line in this list. */
export const TARGETS = [
  auditTarget,
  checksumTarget,
  classifyTarget,
  clusteripTarget,
  connsecmarkTarget,
  connmarkTarget,
  ctTarget,
  dnatTarget,
  dnptTarget,
  dscpTarget,
  ecnTarget,
  hlTarget,
  hmarkTarget,
  idletimerTarget,
  ledTarget,
  logTarget,
  markTarget,
  masqueradeTarget,
  netmapTarget,
  nflogTarget,
  nfqueueTarget,
  notrackTarget,
  rateestTarget,
  redirectTarget,
  rejectTarget,
  secmarkTarget,
  setTarget,
  snatTarget,
  snptTarget,
  synproxyTarget,
  tcpmssTarget,
  tcpoptstripTarget,
  teeTarget,
  tosTarget,
  tproxyTarget,
  traceTarget,
  ttlTarget,
  ulogTarget,
] as const;
