declare module "dynalite" {
  import type { Server } from "node:http"

  export default function dynalite(options?: {
    /** How long a table stays CREATING, DELETING and UPDATING. */
    readonly createTableMs?: number
    readonly deleteTableMs?: number
    readonly updateTableMs?: number
  }): Server
}
