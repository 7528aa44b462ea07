// The shim between a board and Streamlit's components v2.

const BOARDS = new Map(); // shadow root -> board

export default function ({ parentElement, data }) {
  const before = BOARDS.get(parentElement);
  if (before?.id === data.id) before.present(data.present);
  else {
    before?.destroy();
    BOARDS.set(parentElement, mountBoard(parentElement, data));
  }
  return () => {
    BOARDS.get(parentElement)?.destroy();
    BOARDS.delete(parentElement);
  };
}
