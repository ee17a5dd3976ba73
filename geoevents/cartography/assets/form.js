/* The form's calm line: what the map will draw, said while one chooses. Without scripts the page says it when it is sent.
 *
 * [data-drawn] is the line, data-sentence its words with {drawn} in them; options of #geo_precision and the candidates carry
 * data-drawn too. picker.js tells of a suggestion taken with the event "picked" (detail: the place). After picker.js.
 */
(function () {
  "use strict";

  const line = document.querySelector("[data-drawn]");
  const select = document.getElementById("geo_precision");
  if (!line || !select) return;
  const form = select.form;
  const wordsOf = (precision) => {
    const option = [...select.options].find((each) => each.value === precision);
    return option ? option.dataset.words : "";
  };

  function say(words) {
    if (words) line.textContent = line.dataset.sentence.replace("{drawn}", words);
    line.hidden = !words;
  }

  function refresh() {
    const chosen = form.querySelector("input[type=radio][name=place_id]:checked");
    const candidate = chosen && chosen.closest("[data-words]");
    say(wordsOf(select.value) || (candidate ? candidate.dataset.words : ""));
  }

  form.addEventListener("change", refresh);
  form.addEventListener("picked", (event) => say(wordsOf(select.value) || wordsOf(event.detail.geo_precision)));
  // Places are suggested while one types: no need to ask for them.
  for (const each of document.querySelectorAll("[data-without-scripts]")) each.hidden = true;
  if (select.value || form.querySelector("[name=place_id]:checked")) refresh();
})();
