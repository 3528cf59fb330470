import { type Config, ConfigurationError } from './config.ts'

/** Switches of the configuration behind which nothing stands yet. To ignore them would promise what does not happen. */
const notBuilt = [
  ['NATS_URL', 'natsUrl'],
  ['RECADO_MAIL_DOMAIN', 'mailDomain'],
  ['RECADO_SMTP_URL', 'smtpUrl'],
  ['RECADO_TURN_URL', 'turnUrl'],
] as const satisfies readonly (readonly [string, keyof Config])[]

/** Raises `ConfigurationError` when something is switched on that this version cannot do. */
export function refuseNotBuilt(config: Config): void {
  const complaints = notBuilt
    .filter(([, field]) => config[field] !== undefined)
    .map(([variable]) => `${variable}: this version cannot do that yet; leave it out`)
  if (complaints.length > 0) throw new ConfigurationError(complaints)
}
