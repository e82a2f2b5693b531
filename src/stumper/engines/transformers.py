"""Models on PyTorch through Hugging Face transformers, in this process: training's twin, and the engine to score many.

Requests are computed in batches of similar length, padded on the left to few lengths. In bfloat16 the neighbours in a
batch shift a score in its third digit; what is drawn for a request depends on its own seed alone.
"""

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stumper import forms
from stumper.engines import EngineRuntime, ModelSpec
from stumper.engines._chat import TRANSCRIPT_STOP, scored_part, scrub
from stumper.engines._checkpoint import Checkpoint, add_adapter, give_back, import_torch, load
from stumper.errors import BadInput
from stumper.types import Reply, Request

CONTEXT = 2048
"""Tokens of prompt and reply together, where the spec's options name no other `context`."""

LENGTHS = 32
"""Batches are padded to multiples of this many tokens: the first pass at each new shape costs a CPU seconds."""

OPTIONS = ("context", "dtype")


class Transformers:
    """`spec.model` is a reference to a folder of safetensors or a GGUF file, `spec.adapter` a PEFT adapter's folder.

    `spec.options`: `context`, `dtype` (default bfloat16).
    """

    def __init__(self, spec: ModelSpec, runtime: EngineRuntime) -> None:
        for option in spec.options:
            if option not in OPTIONS:
                raise BadInput(
                    f"{spec.name}: the transformers engine has no option {option!r}; it knows: context, dtype"
                )
        checkpoint = load(spec.model, str(spec.options.get("dtype", "bfloat16")), threads=runtime.threads)
        _score_in_float32(checkpoint.model)
        if spec.adapter:
            checkpoint = add_adapter(checkpoint, Path(spec.adapter), spec.name)
        self._start(checkpoint, runtime.batch, int(spec.options.get("context", CONTEXT)))

    @classmethod
    def of(cls, checkpoint: Checkpoint, batch: int = 16) -> "Transformers":
        """The engine around a model that is loaded already, such as one in training."""
        engine = cls.__new__(cls)
        engine._start(checkpoint, batch, CONTEXT)
        return engine

    def _start(self, checkpoint: Checkpoint, batch: int, context: int) -> None:
        self._checkpoint: Checkpoint | None = checkpoint
        self._batch = batch
        trained = checkpoint.header.context_length
        self._context = min(context, trained) if trained else context
        self._matchers: Any = None

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        start = time.monotonic()
        prompts: dict[int, list[int]] = {}
        for index, request in enumerate(requests):
            found = self._prompt(request)
            if isinstance(found, Reply):
                yield index, found
            else:
                prompts[index] = found
        for batch in self._batches(prompts):
            writers = [_Writer(self, i, requests[i], prompts[i], start) for i in batch]
            yield from self._write(writers)

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        start = time.monotonic()
        prompts: dict[int, list[int]] = {}
        targets: dict[int, list[list[int]]] = {}
        lengths: dict[int, int] = {}
        for index, request in enumerate(requests):
            found = self._prompt(request)
            if isinstance(found, Reply):
                yield index, found
            elif not request.continuations:
                yield index, Reply(finish="failed", error="no continuations to choose from")
            else:
                lengths[index] = len(found)
                prompts[index], targets[index] = self._targets(request, found)
        for batch in self._batches(prompts):
            begun = time.monotonic()
            late = [i for i in batch if _is_over(requests[i], start)]
            for index in late:
                yield index, Reply(finish="deadline", error="the deadline passed before its turn came")
            rest = [i for i in batch if i not in late]
            scores = self._score([prompts[i] for i in rest], [targets[i] for i in rest])
            took = (time.monotonic() - begun) / max(len(rest), 1)
            for index, row in zip(rest, scores, strict=True):
                yield index, Reply(scores=tuple(row), prompt_tokens=lengths[index], seconds=took)

    def count_tokens(self, text: str) -> int | None:
        return None if self._checkpoint is None else len(self._checkpoint.ids(text, special=False))

    def close(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint = self._matchers = None
            give_back()

    @property
    def checkpoint(self) -> Checkpoint:
        assert self._checkpoint is not None
        return self._checkpoint

    def matcher(self, regex: str) -> Any:
        """A fresh llguidance matcher for texts that match the expression."""
        import llguidance
        import llguidance.hf

        if self._matchers is None:
            checkpoint = self.checkpoint
            self._matchers = llguidance.hf.from_tokenizer(
                checkpoint.tokenizer, n_vocab=checkpoint.model.config.vocab_size, eos_token=list(checkpoint.stops)
            )
        return llguidance.LLMatcher(self._matchers, llguidance.LLMatcher.grammar_from_regex(regex), log_level=0)

    def _prompt(self, request: Request) -> list[int] | Reply:
        if self._checkpoint is None:
            return Reply(finish="failed", error="the engine is closed")
        try:
            ids = self.checkpoint.ids(self.checkpoint.prompt(request.messages, request.opening))
        except BadInput as error:
            return Reply(finish="failed", error=str(error))
        if len(ids) >= self._context:
            message = f"the prompt's {len(ids)} tokens do not fit into the context of {self._context}"
            return Reply(finish="failed", error=message, prompt_tokens=len(ids))
        return ids

    def room(self, prompt: Sequence[int]) -> int:
        """Tokens that can follow the prompt."""
        return self._context - len(prompt)

    def _targets(self, request: Request, prompt: Sequence[int]) -> tuple[list[int], list[list[int]]]:
        text = self.checkpoint.prompt(request.messages, request.opening)
        return scored_part(prompt, [self.checkpoint.ids(text + c) for c in request.continuations])

    def _batches(self, prompts: dict[int, list[int]]) -> Iterator[list[int]]:
        by_length = sorted(prompts, key=lambda i: len(prompts[i]))
        for start in range(0, len(by_length), self._batch):
            yield by_length[start : start + self._batch]

    def _score(self, prompts: Sequence[Sequence[int]], targets: Sequence[Sequence[Sequence[int]]]) -> list[list[float]]:
        """Log-probability of each target (not empty) after its prompt. The prompt is computed once for all of them."""
        if not prompts:
            return []
        long = [(row, t) for row, ts in enumerate(targets) for t in ts if len(t) > 1]
        step = _Step(self.checkpoint, prompts, keep=bool(long))
        first = step.logits[:, -1].log_softmax(-1)
        scores = [[float(first[row, t[0]]) if t else 0.0 for t in ts] for row, ts in enumerate(targets)]
        if not long:
            return scores
        step.select([row for row, _ in long])
        width = max(len(t) for _, t in long) - 1
        step.feed([[*t[:-1], *[0] * (width - len(t) + 1)] for _, t in long])
        logs = step.logits.log_softmax(-1)
        more = iter([sum(float(logs[k, i, token]) for i, token in enumerate(t[1:])) for k, (_, t) in enumerate(long)])
        return [
            [score + (next(more) if len(t) > 1 else 0.0) for score, t in zip(row, ts, strict=True)]
            for row, ts in zip(scores, targets, strict=True)
        ]

    def _write(self, writers: "list[_Writer]") -> Iterator[tuple[int, Reply]]:
        """Sample until every writer of the batch has finished."""
        step = None
        while True:
            for writer in writers:
                writer.check_clock()
            for writer in (done := [w for w in writers if w.finish]):
                yield writer.index, writer.reply()
            keep = [k for k, writer in enumerate(writers) if not writer.finish]
            if not keep:
                return
            writers = [writers[k] for k in keep]
            if step is None:
                step = _Step(self.checkpoint, [writer.prompt for writer in writers], keep=True)
            else:
                if done:
                    step.select(keep)
                step.feed([[writer.last] for writer in writers])
            for row, writer in zip(step.logits[:, -1], writers, strict=True):
                writer.take(row)


ENGINE = Transformers


def _is_over(request: Request, start: float) -> bool:
    return request.deadline is not None and time.monotonic() - start >= request.deadline


def _score_in_float32(model: Any) -> None:
    """Compute logits in float32: bfloat16 has steps of 0.06 to 0.12 at the usual size of a logit, so letters tie."""
    torch, _ = import_torch()
    head = model.get_output_embeddings()
    exact = torch.nn.Linear(head.in_features, head.out_features, bias=head.bias is not None, device=head.weight.device)
    exact.weight = torch.nn.Parameter(head.weight.detach().float(), requires_grad=False)
    if head.bias is not None:
        exact.bias = torch.nn.Parameter(head.bias.detach().float(), requires_grad=False)
    exact.register_forward_pre_hook(lambda _, inputs: (inputs[0].float(),))
    model.set_output_embeddings(exact)


class _Step:
    """One batch under way: the key-value cache, and the logits of the newest positions."""

    def __init__(self, checkpoint: Checkpoint, prompts: Sequence[Sequence[int]], keep: bool) -> None:
        torch, _ = import_torch()
        self._model = checkpoint.model
        width = -(-max(map(len, prompts)) // LENGTHS) * LENGTHS
        self._device = checkpoint.device
        self._mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts], device=self._device)
        ids = torch.tensor([[0] * (width - len(p)) + list(p) for p in prompts], device=self._device)
        self._cache: Any = None
        self._run(ids, logits_to_keep=1, keep=keep)

    def select(self, rows: Sequence[int]) -> None:
        """Go on with these rows of the batch, in this order, each as often as it is named."""
        torch, _ = import_torch()
        index = torch.tensor(rows, device=self._device)
        with torch.inference_mode():
            self._cache.batch_select_indices(index)
            self._mask = self._mask[index]

    def feed(self, rows: Sequence[Sequence[int]]) -> None:
        """Compute the next tokens of each row; `logits` (rows, tokens, vocabulary) are those after each of them."""
        torch, _ = import_torch()
        ids = torch.tensor(rows, device=self._device)
        self._mask = torch.cat([self._mask, torch.ones_like(ids)], dim=1)
        self._run(ids, logits_to_keep=0, keep=True)

    def _run(self, ids: Any, logits_to_keep: int, keep: bool) -> None:
        torch, _ = import_torch()
        positions = (self._mask.cumsum(-1) - 1).clamp(min=0)[:, -ids.shape[1] :]
        with torch.inference_mode():
            out = self._model(
                input_ids=ids,
                attention_mask=self._mask,
                position_ids=positions,
                past_key_values=self._cache,
                use_cache=keep,
                logits_to_keep=logits_to_keep,
            )
        self._cache = out.past_key_values
        self.logits = out.logits.float()


class _Writer:
    """One request that is being written."""

    def __init__(self, engine: Transformers, index: int, request: Request, prompt: list[int], start: float) -> None:
        torch, _ = import_torch()
        self.index = index
        self.prompt = prompt
        self.finish: Any = None
        self._request = request
        self._checkpoint = engine.checkpoint
        self._start = start
        self._budget = min(request.sampling.max_tokens, engine.room(prompt))
        self._matcher = engine.matcher(forms.regex(request.form)) if request.form else None
        self._noise = torch.Generator().manual_seed(request.seed)
        self._written: list[int] = []
        self._error = ""

    @property
    def last(self) -> int:
        return self._written[-1]

    def check_clock(self) -> None:
        if self.finish is None and _is_over(self._request, self._start):
            self.finish = "deadline"

    def take(self, logits: Any) -> None:
        """Draw the next token. `logits`: (vocabulary,)."""
        token = self._draw(logits.cpu())
        if token in self._checkpoint.stops:
            self.finish = "stop"
            return
        self._written.append(token)
        if self._matcher is not None:
            self._matcher.consume_token(token)
            if self._matcher.is_error():
                self.finish, self._error = "failed", f"llguidance: {self._matcher.get_error()[:200]}"
            elif self._matcher.is_stopped():
                self.finish = "stop"
        elif self._checkpoint.header.template is None and TRANSCRIPT_STOP in self._checkpoint.text(self._written[-8:]):
            self.finish = "stop"
        if self.finish is None and len(self._written) >= self._budget:
            self.finish = "length"

    def _draw(self, logits: Any) -> int:
        torch, _ = import_torch()
        if self._matcher is not None:
            allowed = torch.frombuffer(bytearray(self._matcher.compute_logit_bias()), dtype=torch.uint8)
            logits = logits.masked_fill(allowed[: logits.shape[0]] == 0, -math.inf)
        sampling = self._request.sampling
        if sampling.temperature == 0:
            return int(logits.argmax())
        chances = (logits / sampling.temperature).softmax(-1)
        if sampling.top_p < 1:
            ranked, order = chances.sort(descending=True)
            chances = chances.index_fill(0, order[ranked.cumsum(0) - ranked >= sampling.top_p], 0.0)
        # The largest of p/e with exponential e is a draw from p; unlike a draw by the cumulative sum, it does not jump
        # to another token when the logits differ in their last digits.
        noise = torch.empty_like(chances).exponential_(generator=self._noise)
        return int((chances / noise).argmax())

    def reply(self) -> Reply:
        text = self._checkpoint.text(self._written)
        if self._request.form is not None:
            text = forms.close(self._request.form, scrub(text, self._checkpoint.header.control))
        elif self._checkpoint.header.template is None:
            text = text.partition(TRANSCRIPT_STOP)[0]
        return Reply(
            text=text,
            finish=self.finish,
            error=self._error,
            prompt_tokens=len(self.prompt),
            tokens=len(self._written),
            seconds=time.monotonic() - self._start,
        )
