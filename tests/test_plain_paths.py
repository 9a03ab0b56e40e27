"""The paths of the compiled kernel that this processor would not take agree with NumPy's kernel, too.

Built as for the fuzzer, with chunks of one block and positions that are counted anew again and again.
"""

import importlib.machinery
import importlib.util
import shutil

import pytest
from agreement import assert_same, assert_same_explanation
from strategies import SNIPPETS

from tests.differential import corpus
from tests.generated import Strings
from tests.native_build import COMPILER, EXTENSION, Build
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.kernel.numpy_kernel import NumpyKernel

native_kernel = pytest.importorskip(
    "xborder_tagger.kernel.native_kernel", reason="the compiled kernel is not built", exc_type=ImportError
)
pytestmark = pytest.mark.skipif(not shutil.which(COMPILER), reason=f"there is no compiler {COMPILER}")

WITHOUT_AVX = ("-DXBORDER_FUZZ", "-DXBORDER_ANY_PROCESSOR")
WITHOUT_VECTORS = (*WITHOUT_AVX, "-U__SSE2__", "-U__ARM_NEON")


@pytest.fixture(scope="module", params=[WITHOUT_AVX, WITHOUT_VECTORS], ids=["without AVX", "without vectors"])
def plain(request, root, tables, tmp_path_factory):
    """A kernel that takes no other path."""
    folder, patch = tmp_path_factory.mktemp("plain"), pytest.MonkeyPatch()
    Build(root, folder / "objects", request.param).build(folder / EXTENSION)
    loader = importlib.machinery.ExtensionFileLoader("_native", str(folder / EXTENSION))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("_native", loader))
    loader.exec_module(module)
    patch.setattr(native_kernel, "_native", module)
    yield native_kernel.NativeKernel(disassemble(tables))
    patch.undo()


def test_the_plain_paths_agree(plain, tables):
    texts = corpus()
    strings = iter(Strings(tables, texts, SNIPPETS, seed=3))
    batch = [*(next(strings) for _ in range(3000)), *texts[::20], "\n\n".join(texts[:40]), "drug trafficking " * 500]
    twin = NumpyKernel(tables)
    assert_same(plain.predict(batch, threads=2), twin.predict(batch))
    for text in batch[::100]:
        assert_same_explanation(plain, twin, text)
