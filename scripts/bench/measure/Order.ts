/** What crosses between the suite and the process that hosts a contestant. */
import type { Memory } from "./Memory.ts"

export type Order =
  | { readonly do: "start" }
  | { readonly do: "close" }
  /** From now on this process runs on the cores `own` and the one that answers on `answering`, each such as `0` or `0,1`. */
  | { readonly do: "pin"; readonly own: string; readonly answering: string }
  | { readonly do: "oneAfterAnother"; readonly calls: number }
  | { readonly do: "inFlight"; readonly calls: number; readonly atOnce: number }
  | { readonly do: "large"; readonly calls: number }
  | { readonly do: "killAndAsk" }
  | { readonly do: "memory" }

export interface Reply {
  /** From the order to its end. */
  readonly millis: number
  /** Processor time of both processes meanwhile. Null if one of them went, or the system does not tell. */
  readonly cpuMillis: number | null
  /** The memory of the process that answers. Only the reply to `memory` has it. */
  readonly memory?: Memory
  /** Why the order was not carried out. */
  readonly failure?: string
}
