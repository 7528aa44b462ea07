// Playing the sound that was read.

/** @import { Scene } from "./types.js" */
import { el } from "./dom.js";

/**
 * A button, and where the sound is while it plays.
 * @param {Scene} scene
 * @param {() => void} moved called for each picture while it plays, and at the end
 */
export function createPlayer(scene, moved) {
  /** @type {{context: AudioContext, started: number} | null} */
  let playing = null;
  const button = el("button", { type: "button", class: "play", "data-testid": "play", onclick: toggle }, "Play");

  function seconds() {
    if (!playing) return null;
    return Math.min(playing.context.currentTime - playing.started, scene.seconds ?? 0);
  }

  function stop() {
    playing?.context.close();
    playing = null;
    button.textContent = "Play";
    moved();
  }

  function toggle() {
    if (playing) return stop();
    const context = new AudioContext();
    const samples = scene.samples ?? new Int16Array();
    const buffer = context.createBuffer(1, Math.max(1, samples.length), scene.rate ?? 8000);
    buffer.copyToChannel(Float32Array.from(samples, (one) => one / 32768), 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = () => { if (playing?.context === context) stop(); };
    source.start();
    playing = { context, started: context.currentTime };
    button.textContent = "Stop";
    return follow();
  }

  function follow() {
    if (!playing) return;
    if (!button.isConnected) return stop(); // another source is shown
    moved();
    requestAnimationFrame(follow);
  }

  return { node: button, seconds };
}
