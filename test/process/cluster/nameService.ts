/** Makes the names of services mean this machine, as those of containers mean containers: loaded before a program by `--import`. */
import { syncBuiltinESMExports } from "node:module"

const names = new Set(process.env["NAMES_OF_SERVICES"]?.split(","))
const dns = process.getBuiltinModule("node:dns")
const { lookup } = dns

const lookUp = (name: string, ...rest: ReadonlyArray<unknown>): unknown =>
  Reflect.apply(lookup, dns, [names.has(name) ? "127.0.0.1" : name, ...rest])

Reflect.set(dns, "lookup", Object.assign(lookUp, lookup))
syncBuiltinESMExports()
