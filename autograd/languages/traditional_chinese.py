"""The sentences in Traditional Chinese, as the lecture's own country writes it."""

SENTENCES = {
    "Forward": "前向傳播",
    "Backward": "反向傳播",
    "Gradients": "梯度",
    "Update": "更新",
    "With the new numbers": "代入新的數值",
    "given": "已知：",
    "learning rate": "學習率",
    "if": "若",
    "otherwise": "其他情況",
    "else": "否則",
    "and": "且",
    "or": "或",
    "slot": "第 {number} 個 ",
    "part of sum": "，第 {use} 項（共 {uses} 項）",
    "so far": "（目前累計）",
    "distributor": "梯度分配閘",
    "switcher": "梯度交換閘",
    "router": "梯度路由閘",
    "distributes": "梯度分配閘：把上游梯度原封不動地傳給 {input}",
    "distributes the negative": "梯度分配閘：把上游梯度變號後傳給 {input}",
    "distributes a multiple": "梯度分配閘：把上游梯度乘以 {factor} 後傳給 {input}",
    "switches": "梯度交換閘：{input} 的局部梯度就是另一個輸入 {others}",
    "routes": "梯度路由閘：讓梯度通過，傳給 {input}",
    "stops": "梯度路由閘：不讓梯度傳給 {input}",
    "slot in words": "第 {number} 個 {input}",
    "both": "{first} 與 {second}",
    "tie": "{inputs} 同為 {number}",
    "tie, by convention": "{inputs} 同為 {number}：{convention}",
    "kink": "{input} = {number} 正好在轉折點上",
    "kink, by convention": "{input} = {number} 正好在轉折點上：{convention}",
    "dead": "{gate} 在 {input} = {number} 時不作用：梯度無法通過",
    "loses": "{input} = {number} 輸給 {winner}：梯度不會傳給它",
    "zero": "局部梯度為 0，所以沒有梯度傳給 {input}",
    "nothing arrives": "沒有梯度傳到這裡，所以也沒有梯度傳給 {input}",
    "infinite": "{input} 的局部梯度為 {number}：梯度從這裡開始不再是有限值",
    "zero times infinity": "{upstream} × 0 沒有答案：{input} 的梯度從這裡變成 NaN",
    "too large": "{upstream} × {local} 超出浮點數的範圍",
    "infinities cancel": "{before} + {contribution} 沒有答案：{input} 的梯度從這裡變成 NaN",
    "not finite": "∂{root}/∂{input} 為 {number}：梯度在 {name} 往回傳到 {next} 時開始不再是有限值",
    "changed": "{name} 在前向傳播之後被改成 {number}",
    "as it is now": "{name} 顯示的是現在的數值；已無法得知它在前向傳播時的數值",
    "forgotten": "在前向傳播之後被改過：{inputs}；已無法得知 {name} 當時是由哪些數值算出的",
    "compute again": "這裡顯示的是前向傳播時的數值；要看新數值的結果，請重新計算 {root}",
    "part": (
        "{root} 是較大計算圖的一部分：這裡的 ∂{root}/∂… 是為它計算的，"
        "而 .grad 屬於呼叫 backward() 的那個 Value"
    ),
    "adds up": "{name}.grad 為 {number}：其中還包含其他反向傳播、或較大計算圖其他部分所加上的梯度",
    "leaf": "{root} 是葉節點：它不是由任何閘算出的，沒有步驟可走",
    "no backward pass": "還沒有梯度：請先呼叫 {root} 的 backward()，再執行 walk",
}

GATES = {
    "at a tie the first input takes the gradient": "相等時，梯度傳給第一個輸入",
    "slope 0 at 0": "在 0 處的斜率取 0",
    "slope 1 at 0": "在 0 處的斜率取 1",
    "slope α at 0": "在 0 處的斜率取 α",
    "slope 1.7581 at 0": "在 0 處的斜率取 1.7581",
    "slope +∞ at 0": "在 0 處的斜率為 +∞",
    "slope +∞ at 1": "在 1 處的斜率為 +∞",
    "slope +∞ at -1 and 1": "在 -1 與 1 處的斜率為 +∞",
    "slope -∞ at -1 and 1": "在 -1 與 1 處的斜率為 -∞",
    "slope 0 at -1 and 1": "在 -1 與 1 處的斜率取 0",
    "slope 0 at the origin": "在原點的斜率取 0",
    "slope 0, at the jump too": "斜率為 0，在跳躍處也是",
    "slope 0, at the jumps too": "斜率為 0，在各跳躍處也是",
    "0 at 0; slope 0, at the jump too": "在 0 處為 0；斜率為 0，在跳躍處也是",
    "slope 1 at either bound": "在兩個界限上的斜率取 1",
    "slope 1 in a at the jumps too, and the remainder has the sign of b": (
        "在各跳躍處對 a 的斜率也取 1；餘數與 b 同號"
    ),
    "the condition has slope 0": "條件的斜率為 0",
    "the slope of 0^n at 0 is +∞ for 0 < n < 1, and 0^0 = 1 with slope 0": (
        "0^n 在 0 處的斜率：0 < n < 1 時為 +∞；0^0 = 1，斜率取 0"
    ),
    "0^b has slope 0 in b; its slope in a at 0 is +∞ for 0 < b < 1": (
        "0^b 對 b 的斜率取 0；0 < b < 1 時，在 0 處對 a 的斜率為 +∞"
    ),
}
