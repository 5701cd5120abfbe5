/** What is wrong with a state that was named, before anything is done with it. */
import * as Result from "effect/Result"
import { isAddress, isPostgresUrl, parsePostgresUrl } from "../../agent/store/postgres/PostgresAddress.ts"

/** Arguments are seen by other users of the machine, and a configuration is kept with the documents. */
const passwordIn =
  "it has a password in it, which others could read. Leave it out of the address, and give it in PGPASSWORD or in the file that PGPASSFILE names"

/** The driver knows no default. */
const noRole = "it names no role: write postgres://ROLE@HOST/DATABASE"

/** As a path it would be a new state, on which everything is created a second time. */
const otherAddress = "it is neither a file nor the address of a Postgres server, which begins with postgres://"

/** As a clause that has nothing of the address in it. Undefined where the state is a file, or an address that may be used. */
export const objectionToState = (state: string): string | undefined => {
  if (!isAddress(state)) return undefined
  if (!isPostgresUrl(state)) return otherAddress
  return Result.match(parsePostgresUrl(state), {
    onFailure: (reason) => reason,
    onSuccess: ({ hasPassword, hasRole }) => (hasPassword ? passwordIn : hasRole ? undefined : noRole),
  })
}
