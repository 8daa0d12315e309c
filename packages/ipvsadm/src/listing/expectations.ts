import type { Expectations } from '../line-reader.ts';

const address = 'an address and a port';

/** What the tokens of each rule of the listing grammar should have been. */
export const listingExpectations: Expectations = {
  line: ['a line of ipvsadm'],
  banner: ['IP', 'Virtual', 'Server', 'version', 'a version', '(size=NUMBER)'],
  firstTitle: ['Prot', 'LocalAddress:Port', 'the column names of a known form'],
  plainTitle: ['Scheduler', 'Flags'],
  thresholdsTitle: ['Uthreshold', 'Lthreshold', 'ActiveConn', 'InActConn'],
  persistentTitle: ['Weight', 'PersistConn', 'ActiveConn', 'InActConn'],
  statsTitle: ['Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'],
  rateTitle: ['CPS', 'InPPS', 'OutPPS', 'InBPS', 'OutBPS'],
  secondTitle: ['->', 'RemoteAddress:Port', 'Forward'],
  configuredColumns: ['Forward', 'Weight', 'ActiveConn', 'InActConn'],
  addressService: ['a protocol', address],
  markService: ['FWM', 'a firewall mark'],
  hexMarkService: ['FWM', 'a firewall mark'],
  matchService: ['MATCH', 'a condition'],
  settings: ['a scheduler or figures'],
  configuration: ['a scheduler'],
  persistence: ['persistent', 'a timeout'],
  listedPersistence: ['a timeout in seconds', 'mask or pe', 'a mask or an engine', 'pe', 'an engine'],
  procPersistence: ['a timeout in ticks', 'a mask'],
  statsFigures: ['Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'],
  rateFigures: ['CPS', 'InPPS', 'OutPPS', 'InBPS', 'OutBPS'],
  plainDestination: ['->', address, 'Forward', 'Weight', 'ActiveConn', 'InActConn', 'inhibited or overload'],
  tunnelDestination: ['->', address, 'Forward', 'TunnelInfo', 'Weight', 'ActiveConn', 'InActConn'],
  thresholdDestination: ['->', address, 'Uthreshold', 'Lthreshold', 'ActiveConn', 'InActConn'],
  persistentDestination: ['->', address, 'Weight', 'PersistConn', 'ActiveConn', 'InActConn'],
  procDestination: ['->', address, 'Forward', 'Weight', 'ActiveConn', 'InActConn'],
  statsDestination: ['->', address],
  rateDestination: ['->', address],
};
