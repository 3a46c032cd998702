export { accountsConf, passwordVariable } from './accounts-conf.ts';
export { brokerUsers, clientUser } from './broker-users.ts';
export type { BrokerUser, ServedBundle } from './broker-users.ts';
