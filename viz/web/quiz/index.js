// A picture and its question in Streamlit. Whether the answer is shown stands in the address, so that a class sees it.

/** @import { BoardData } from "./types.js" */
import * as address from "../shared/address.js";
import { mountWith } from "../shared/streamlit.js";
import { mountBoard } from "./board.js";
import seen from "../shared/seen.css";
import css from "./quiz.css";

const SHOWN = "shown"; // its value is the id of the board whose answer is shown

export const mount = mountWith(css + seen, ({ parentElement, data }) => {
  const open = (/** @type {BoardData} */ given) => mountBoard(parentElement, { ...given, shown: address.get(SHOWN) === given.id }, {
    told: (shown) => address.change({ [SHOWN]: shown ? given.id : null }, { push: false }),
  });
  let board = open(data);
  const unlisten = address.onRestored(() => board.show(address.get(SHOWN) === board.id));
  return {
    again(next) {
      if (board.id === next.data.id) return board.present(next.data.present);
      board.destroy();
      board = open(next.data);
      return undefined;
    },
    close() {
      unlisten();
      board.destroy();
    },
  };
});
