/** The Azure plugin, as the build bundles it. */
import { checkRefusal } from "./checkRefusal.ts"
import type { Start } from "./Contestant.ts"
import { startPlugin } from "./PluginContestant.ts"

export const start: Start = () =>
  startPlugin({
    folder: "azure",
    namespace: "Azure",
    resourceType: "Azure::Storage::Queue",
    targetConfig: { nowhere: true },
    nativeId: "queue",
    checkRead: checkRefusal,
  })
