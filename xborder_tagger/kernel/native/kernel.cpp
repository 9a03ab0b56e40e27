#include "kernel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>

#include "check.hpp"
#include "portable.hpp"
#include "utf8.hpp"

namespace xborder {
namespace {

// Send for the beginning of a text while the one before is scored: 4% of the time for news of 300 words. Inline by
// force: GCC takes a function that only sends for memory to be without effect, and leaves the call out.
XBORDER_INLINE void fetch(const Text& text) {
    constexpr std::size_t kLine = 64, kMost = 4096;
    const auto* const bytes = static_cast<const unsigned char*>(text.data);
    const std::size_t size = std::min(text.length * static_cast<std::size_t>(std::max(text.width, 1)), kMost);
    for (std::size_t begin = 0; begin < size; begin += kLine) prefetch(bytes + begin);
}

}  // namespace

// A scorer for the time of one call by one thread.
class Kernel::Lease {
public:
    explicit Lease(Kernel& kernel) : kernel_(kernel) {
        {
            const std::lock_guard<std::mutex> lock(kernel.mutex_);
            if (!kernel.idle_.empty()) {
                scorer_ = std::move(kernel.idle_.back());
                kernel.idle_.pop_back();
            }
        }
        if (!scorer_) scorer_ = make_scorer(kernel);
    }

    // After an exception the scorer may hold half a document, so it is not used again.
    void give_back() {
        const std::lock_guard<std::mutex> lock(kernel_.mutex_);
        kernel_.idle_.push_back(std::move(scorer_));
    }

    Scorer& scorer() { return *scorer_; }

private:
    static std::unique_ptr<Scorer> make_scorer(const Kernel& kernel) {
        return std::make_unique<Scorer>(kernel.characters_, kernel.vocabulary_, kernel.linear_, kernel.decision_);
    }

    Kernel& kernel_;
    std::unique_ptr<Scorer> scorer_;
};

// The texts of one call. Threads take a few at a time until none is left.
class Kernel::Batch {
public:
    Batch(Kernel& kernel, const Text* texts, std::size_t count, const Result& first)
        : kernel_(kernel), texts_(texts), count_(count), first_(first) {}

    static std::size_t shares(std::size_t count) { return (count + kShare - 1) / kShare; }

    void work() noexcept {
        try {
            Lease lease(kernel_);
            Widener widened;
            for (std::size_t begin; (begin = next_.fetch_add(kShare)) < count_;)
                for (std::size_t i = begin; i < std::min(begin + kShare, count_); ++i) {
                    if (i + 1 < count_) fetch(texts_[i + 1]);
                    lease.scorer().score(widened(texts_[i]), row(i));
                }
            lease.give_back();
        } catch (...) {
            const std::lock_guard<std::mutex> lock(kernel_.mutex_);
            error_ = std::current_exception();
        }
    }

    void rethrow() const {
        if (error_) std::rethrow_exception(error_);
    }

private:
    static constexpr std::size_t kShare = 4;

    Result row(std::size_t i) const {
        const std::size_t cell = i * kernel_.tags();
        return {first_.scores + cell, first_.probabilities + cell, first_.applies + cell, first_.review + cell,
                first_.flags + i * kFlags, first_.words + i, first_.known + i, first_.common + i};
    }

    Kernel& kernel_;
    const Text* texts_;
    std::size_t count_;
    Result first_;
    std::atomic<std::size_t> next_{0};
    std::exception_ptr error_;
};

Kernel::Kernel(const Arrays& arrays)
    : characters_(checked(arrays).characters),
      vocabulary_(arrays.vocabulary, arrays.common),
      linear_(arrays.linear, arrays.pooling),
      decision_(arrays.decision) {}

void Kernel::predict(const Text* texts, std::size_t count, const Result& first, unsigned threads) {
    Batch batch(*this, texts, count, first);
    const std::size_t wanted = std::min<std::size_t>(threads, Batch::shares(count));
    std::vector<std::thread> helpers;
    helpers.reserve(wanted);
    try {
        for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back([&batch] { batch.work(); });
    } catch (const std::system_error&) {
        // No more threads to be had: those that run do the work.
    }
    batch.work();
    for (std::thread& helper : helpers) helper.join();
    batch.rethrow();
}

Explanation Kernel::explain(const Text& text, const std::vector<std::size_t>& tags) {
    std::unique_ptr<Explainer> explainer;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!idle_explainers_.empty()) {
            explainer = std::move(idle_explainers_.back());
            idle_explainers_.pop_back();
        }
    }
    if (!explainer) explainer = std::make_unique<Explainer>(characters_, vocabulary_, linear_);
    Explanation explanation = explainer->explain(text, tags);
    const std::lock_guard<std::mutex> lock(mutex_);
    idle_explainers_.push_back(std::move(explainer));
    return explanation;
}

}  // namespace xborder
