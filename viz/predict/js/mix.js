// Values faded by their weights, and the sum of all of them.

function mixPicture(data) {
  const most = Math.max(largest(data.v), largest(data.z));
  let row = data.start;
  const picks = chips(data.rows.map((token) => token.label), row, (i) => { row = i; paint(); }, "Row");
  const list = el("div", { class: "lines mix" });
  function line(name, special, weight, values, className = "line") {
    return el("div", { class: className }, el("span", { class: special ? "name special" : "name" }, name),
      el("span", { class: "value" }, weight), strip(values, most, name));
  }
  function paint() {
    const weights = data.weights[row];
    list.replaceChildren(
      el("div", { class: "line head" }, el("span", {}), el("span", {}, "weight"), el("span", {}, "weight × value")),
      ...data.columns.map((token, j) =>
        line(token.label, token.special, number(weights[j]), data.v[j].map((x) => x * weights[j]))),
      line("sum", false, "", data.z[row], "line total"),
    );
  }
  return {
    node: el("div", {}, el("p", { class: "note" }, "Row that writes:"), picks.node, list, signedLegend(most)),
    paint,
  };
}
