import type { BrokerUser } from './broker-users.ts';

/** Environment variable that holds a user's password, for the server and for whoever starts the service. */
export function passwordVariable(user: string): string {
  return `PRIMATRIX_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * The accounts of a NATS server, to be included by its configuration. Passwords are read from the server's environment;
 * `operator` may do everything in the account.
 */
export function accountsConf(users: readonly BrokerUser[]): string {
  const operator = `      { user: "operator", password: $${passwordVariable('operator')} }`;
  return [
    '# Made by `nx run deploy:accounts` from the bundles that are served: do not edit.',
    'accounts {',
    '  PRIMATRIX {',
    '    jetstream: enabled',
    '    users: [',
    operator,
    ...users.map(userBlock),
    '    ]',
    '  }',
    '  SYSTEM {',
    `    users: [ { user: "system", password: $${passwordVariable('system')} } ]`,
    '  }',
    '}',
    'system_account: SYSTEM',
    '',
  ].join('\n');
}

function userBlock({ name, publish, subscribe }: BrokerUser): string {
  return [
    '      {',
    `        user: "${name}", password: $${passwordVariable(name)}`,
    '        permissions: {',
    `          publish: { allow: ${list(publish)} }`,
    `          subscribe: { allow: ${list(subscribe)} }`,
    // Answers to what is asked of a service, health for example: one for each part that a process serves.
    ...(subscribe.length > 1 ? ['          allow_responses: { max: 100, expires: "10s" }'] : []),
    '        }',
    '      }',
  ].join('\n');
}

function list(subjects: readonly string[]): string {
  return `[\n${subjects.map((subject) => `            ${JSON.stringify(subject)}`).join('\n')}\n          ]`;
}
