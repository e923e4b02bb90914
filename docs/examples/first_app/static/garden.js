const list = document.querySelector('#plants');
const form = document.querySelector('#add');
const answer = document.querySelector('#answer');

function show(plant) {
  const item = document.createElement('li');
  item.textContent = `${plant.name}, bed ${plant.bed}`;
  list.append(item);
}

// [watch]
const socket = new WebSocket(`${location.protocol.replace('http', 'ws')}//${location.host}/watch`);
socket.onmessage = (message) => show(JSON.parse(message.data));

// Listen first, then ask for what is there: so that no plant falls in between.
socket.onopen = async () => {
  const plants = await (await fetch('/plants')).json();
  list.replaceChildren();
  plants.forEach(show);
};
// [/watch]

form.onsubmit = async (event) => {
  event.preventDefault();
  const plant = { name: form.elements.name.value, bed: Number(form.elements.bed.value) };
  const response = await fetch('/plants', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(plant),
  });
  answer.textContent = response.ok ? 'Planted.' : (await response.json()).detail;
  if (response.ok) form.reset();
};
