import type { Terminal } from '@xterm/xterm';
import { WebglAddon } from '@xterm/addon-webgl';

/** Names of drivers that draw on the processor: Chromium's own, Mesa's, Windows'. */
const softwareDrivers = /swiftshader|llvmpipe|softpipe|software|basic render/i;

let isWorthwhile: boolean | undefined;

/**
 * Whether this computer draws WebGL in hardware. In software it would cost more than xterm's own rows of text do, which
 * stay where there is no such driver (virtual machines, remote desktops, a blocked graphics card). Not every software
 * driver counts as a performance caveat, so its name is looked at as well.
 */
function hasHardwareGraphics(): boolean {
  isWorthwhile ??= probe();
  return isWorthwhile;
}

function probe(): boolean {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (context === null) return false;
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const driver: unknown = names === null ? '' : context.getParameter(names.UNMASKED_RENDERER_WEBGL);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return !softwareDrivers.test(String(driver));
}

/**
 * Draws a terminal by WebGL where that is faster. A lost context (driver reset, sleep, too many contexts) falls back to
 * rows of text at once; nothing of the screen is lost, for the buffer is xterm's. Returns the function that ends it.
 */
export function drawByWebgl(terminal: Terminal): () => void {
  if (!hasHardwareGraphics()) return () => undefined;
  const addon = new WebglAddon();
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    addon.dispose();
  };
  addon.onContextLoss(end);
  terminal.loadAddon(addon);
  return end;
}
