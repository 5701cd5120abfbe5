/** The plugin of the bench, whose handlers do nothing but the work. */
import { checkLargeProperties, largeProperties } from "../work/LargeProperties.ts"
import { checkProperties, targetConfig } from "../work/Read.ts"
import type { Start } from "./Contestant.ts"
import { startPlugin } from "./PluginContestant.ts"
import { propertiesIn } from "./propertiesIn.ts"

export const start: Start = () =>
  startPlugin({
    folder: "bench",
    namespace: "Bench",
    resourceType: "Bench::Storage::Thing",
    targetConfig,
    checkRead: (answer) => checkProperties(propertiesIn(answer)),
    create: {
      properties: { entries: largeProperties().entries.map(({ Key, Value }) => ({ Key, Value })) },
      check: (answer) => void checkLargeProperties(propertiesIn(answer)),
    },
  })
