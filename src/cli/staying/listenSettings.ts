/** What is given of the address at which an agent listens beside its socket. Pure. */
import { describeOrigin, type Setting } from "../../agent/configuration/Setting.ts"

/** One value, and where it was given: `--listen`, `FORMAE_AGENT_LISTEN_ADDRESS`, `formae.config.yaml:2:20 agent.listen.address`. */
export interface GivenValue {
  readonly value: string
  readonly place: string
}

/** `HOST:PORT`, and the files of the certificate and its key. What is not given is undefined. */
export interface ListenSettings {
  readonly address: GivenValue | undefined
  readonly certificate: GivenValue | undefined
  readonly key: GivenValue | undefined
}

const placeOf = ({ origin, path }: Setting): string =>
  origin._tag === "File" ? `${describeOrigin(origin)} ${path.join(".")}` : describeOrigin(origin)

/** `given` is all that is given, what goes before comes last. */
export const listenSettings = (given: ReadonlyArray<Setting>): ListenSettings => {
  const at = (name: keyof ListenSettings): GivenValue | undefined => {
    const setting = given.findLast(({ path }) => path.join(".") === `agent.listen.${name}`)
    return setting === undefined ? undefined : { value: String(setting.value), place: placeOf(setting) }
  }
  return { address: at("address"), certificate: at("certificate"), key: at("key") }
}
