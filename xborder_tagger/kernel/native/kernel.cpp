#include "kernel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>

#include "check.hpp"
#include "utf8.hpp"

namespace xborder {

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
        return std::make_unique<Scorer>(kernel.characters_, kernel.vocabulary_, kernel.weights_, kernel.pooling_);
    }

    Kernel& kernel_;
    std::unique_ptr<Scorer> scorer_;
};

// The texts of one call. Threads take a few at a time until none is left.
class Kernel::Batch {
public:
    Batch(Kernel& kernel, const Text* texts, std::size_t count, const Results& results)
        : kernel_(kernel), texts_(texts), count_(count), results_(results) {}

    static std::size_t shares(std::size_t count) { return (count + kShare - 1) / kShare; }

    void work() noexcept {
        try {
            Lease lease(kernel_);
            Widener widened;
            for (std::size_t begin; (begin = next_.fetch_add(kShare)) < count_;)
                for (std::size_t i = begin; i < std::min(begin + kShare, count_); ++i)
                    lease.scorer().score(widened(texts_[i]), row(i));
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
        const std::size_t tags = kernel_.tags();
        return {results_.scores + i * tags, results_.words + i, results_.known + i, results_.common + i};
    }

    Kernel& kernel_;
    const Text* texts_;
    std::size_t count_;
    Results results_;
    std::atomic<std::size_t> next_{0};
    std::exception_ptr error_;
};

Kernel::Kernel(const Arrays& arrays)
    : characters_(checked(arrays).characters), vocabulary_(arrays.vocabulary, arrays.common), weights_(arrays.linear),
      pooling_(arrays.pooling, weights_.tags()) {}

void Kernel::score(const Text* texts, std::size_t count, const Results& results, unsigned threads) {
    Batch batch(*this, texts, count, results);
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

}  // namespace xborder
