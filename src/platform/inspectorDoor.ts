/** How a Node process is made to open its inspector, even while its event loop is blocked. */
import { isWindows } from "./Platform.ts"
import { sendSignal } from "./signals.ts"

/** Windows has no SIGUSR1. Node starts a thread in the other process there, by a function that its types leave out. */
export type InspectorDoor = "SIGUSR1" | "debugProcess"

export const inspectorDoor = (platform: string): InspectorDoor => (isWindows(platform) ? "debugProcess" : "SIGUSR1")

/** Throws where there is no such process, and where this Node cannot open it. */
export const openInspector = (door: InspectorDoor, pid: number): void => {
  if (door === "SIGUSR1") return sendSignal(pid, door)
  const debugProcess: unknown = Reflect.get(process, "_debugProcess")
  if (typeof debugProcess !== "function") throw new Error("This Node cannot open the inspector of another process")
  Reflect.apply(debugProcess, process, [pid])
}
