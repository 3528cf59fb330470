/** Where an object storage is, in one line: `https://KEY:SECRET@host/bucket/prefix?region=eu-west-1`. */

export interface S3Address {
  /** Ends with a slash: what is stored has its name behind it. */
  readonly folder: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const usualRegion = 'us-east-1'

/** Path style, which every storage understands. `undefined` if something that is needed is missing. */
export function parseS3Address(text: string): S3Address | undefined {
  const url = URL.parse(text)
  if (url === null || !(url.protocol === 'http:' || url.protocol === 'https:') || url.hash !== '') return undefined
  const { username, password, searchParams } = url
  const path = url.pathname.replace(/\/+$/, '')
  if (username === '' || password === '' || path === '') return undefined
  if ([...searchParams.keys()].some(name => name !== 'region')) return undefined
  const [accessKeyId, secretAccessKey] = [decode(username), decode(password)]
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  const region = searchParams.get('region') || usualRegion
  return Object.freeze({ folder: `${url.origin}${path}/`, region, accessKeyId, secretAccessKey })
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
