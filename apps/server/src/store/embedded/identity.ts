/**
 * As whom PostgreSQL runs. It refuses to be root, and a server that is root may stand in a folder that nobody else can
 * enter, so giving it another account is not enough by itself.
 *
 * As root, the ways are tried in order, with what it must reach; an account gets the programs by `providePrograms`:
 * 1. in a user namespace where root carries an ordinary number: nothing changes its owner;
 * 2. as an unprivileged account that keeps the one right to pass closed folders, where namespaces are forbidden
 *    (containers mostly); its files change their owner;
 * 3. as that account plainly, if it can reach the data.
 * Data that already belongs to another account than root is served as that account.
 */
import { execFile, type SpawnOptions } from 'node:child_process'
import { lchown, lstat, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedPostgresError } from './start-error.ts'

interface Account {
  readonly uid: number
  readonly gid: number
}

export type Identity =
  | { readonly kind: 'self' }
  | { readonly kind: 'user-namespace' }
  | { readonly kind: 'account-through-closed-folders'; readonly account: Account }
  | { readonly kind: 'account'; readonly account: Account }

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly options: Pick<SpawnOptions, 'uid' | 'gid'>
}

export function commandAs(identity: Identity, file: string, args: readonly string[]): Command {
  switch (identity.kind) {
    case 'self':
      return { file, args, options: {} }
    case 'user-namespace':
      return {
        file: 'unshare',
        args: ['--user', '--map-user=65534', '--map-group=65534', '--', file, ...args],
        options: {},
      }
    case 'account-through-closed-folders': {
      const { uid, gid } = identity.account
      const rights = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override']
      return {
        file: 'setpriv',
        args: [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights, '--', file, ...args],
        options: {},
      }
    }
    case 'account':
      return { file, args, options: identity.account }
  }
}

/** Chooses for this process, and hands `folder` to whoever will run in it. */
export async function chooseIdentity(postgres: string, folder: string, data: string): Promise<Identity> {
  if (process.getuid?.() !== 0) return { kind: 'self' }
  const refusals: unknown[] = []
  for (const identity of await candidates(data)) {
    try {
      if ('account' in identity) await giveTo(identity.account, folder)
      await probe(identity, 'account' in identity ? 'true' : postgres, folder)
      return identity
    } catch (error) {
      refusals.push(error)
    }
  }
  throw new EmbeddedPostgresError(
    'cannot-run',
    `PostgreSQL does not run as root, and no other account can reach ${folder}: ` +
      'start the server as a normal user, or set DATABASE_URL',
    { cause: new AggregateError(refusals) },
  )
}

async function candidates(data: string): Promise<readonly Identity[]> {
  const owner = await stat(data).catch(() => undefined)
  const ownedByRoot = owner === undefined || owner.uid === 0
  const account = ownedByRoot ? await findUnprivilegedAccount() : { uid: owner.uid, gid: owner.gid }
  const asAccount: readonly Identity[] =
    account === undefined
      ? []
      : [
          { kind: 'account-through-closed-folders', account },
          { kind: 'account', account },
        ]
  return ownedByRoot ? [{ kind: 'user-namespace' }, ...asAccount] : asAccount
}

/** `initdb` insists on an account that has a name. */
async function findUnprivilegedAccount(): Promise<Account | undefined> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '')
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const match = new RegExp(`^${name}:[^:]*:(-?\\d+):(-?\\d+):`, 'm').exec(accounts)
    if (match !== null) return { uid: Number(match[1]) >>> 0, gid: Number(match[2]) >>> 0 }
  }
  return undefined
}

function probe(identity: Identity, program: string, folder: string): Promise<void> {
  const script = '"$0" --version >/dev/null && test -r "$1" && test -w "$1" && test -x "$1"'
  const { file, args, options } = commandAs(identity, 'sh', ['-c', script, program, folder])
  return new Promise((resolve, reject) => {
    execFile(file, args, options, error => (error === null ? resolve() : reject(error)))
  })
}

async function giveTo(account: Account, path: string): Promise<void> {
  const entry = await lstat(path)
  if (entry.uid !== account.uid || entry.gid !== account.gid) await lchown(path, account.uid, account.gid)
  if (!entry.isDirectory()) return
  for (const name of await readdir(path)) await giveTo(account, join(path, name))
}
